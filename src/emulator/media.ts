import type { Answer, Api, Call } from './call.js';
import { Errcode, refuse } from './errcodes.js';
import { opaqueId } from './ids.js';

const MB = 1024 * 1024;
const MAX_BYTES: Record<string, number> = {
  image: 10 * MB,
  voice: 2 * MB,
  video: 10 * MB,
  file: 20 * MB,
};

/** media/upload: temporary media, kept three days, path 90253. */
export const mediaApis: Api[] = [
  { path: 'media/upload', method: 'POST', access: 'upload', handle: uploadMedia },
];

function uploadMedia(call: Call): Promise<Answer> {
  const type = call.query.get('type') ?? '';
  if (!(type in MAX_BYTES)) refuse(Errcode.wrongMediaType, 'invalid media type');
  return storeUpload(call, type);
}

/** Takes the multipart field `media` and remembers it; the bytes themselves are not kept. */
export async function storeUpload(call: Call, type: string, webhookKey?: string): Promise<Answer> {
  const file = await readFile(call);
  const max = MAX_BYTES[type] ?? 0;
  if (file.size <= 5 || file.size > max) refuse(Errcode.wrongFileSize, 'invalid file size');
  const mediaId = opaqueId();
  call.server.world.state.media[mediaId] = {
    type,
    filename: file.name,
    uploadedAt: call.now.getTime(),
    ...(webhookKey === undefined ? {} : { webhookKey }),
  };
  return {
    type,
    media_id: mediaId,
    created_at: Math.floor(call.now.getTime() / 1000).toString(),
  };
}

async function readFile({ raw, contentType }: Call): Promise<File> {
  if (!contentType.startsWith('multipart/form-data')) {
    return refuse(Errcode.emptyParameter, 'multipart/form-data expected');
  }
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(raw), {
      headers: { 'content-type': contentType },
    }).formData();
  } catch (cause) {
    return refuse(Errcode.invalidParameter, `broken multipart body: ${String(cause)}`);
  }
  const file = form.get('media');
  if (file === null || typeof file === 'string') {
    return refuse(Errcode.emptyParameter, 'form field media with a filename missing');
  }
  return file;
}
