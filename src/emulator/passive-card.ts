import type { XmlElement, XmlNode } from './envelope.js';

/** How one element of the card XML maps to the card JSON (5.8, path 90241). */
type ValueShape = { json: string; kind: 'text' | 'int' | 'number' | 'bool' };
type Shape =
  | ValueShape
  | { json: string; kind: 'object'; of: Shapes }
  | { json: string; kind: 'list'; of: Shapes };
type Shapes = Record<string, Shape>;

const text = (json: string): Shape => ({ json, kind: 'text' });
const int = (json: string): Shape => ({ json, kind: 'int' });
const bool = (json: string): Shape => ({ json, kind: 'bool' });
const object = (json: string, of: Shapes): Shape => ({ json, kind: 'object', of });
const list = (json: string, of: Shapes): Shape => ({ json, kind: 'list', of });

const TITLE: Shapes = { Title: text('title'), Desc: text('desc') };
const OPTION: Shapes = { Id: text('id'), Text: text('text') };
const QUESTION: Shapes = {
  QuestionKey: text('question_key'),
  Title: text('title'),
  SelectedId: text('selected_id'),
  Disable: bool('disable'),
  OptionList: list('option_list', OPTION),
};

/** Names are PascalCase and not derivable: it is KeyName but keyname, UserId but userid. */
const CARD: Shapes = {
  CardType: text('card_type'),
  Source: object('source', {
    IconUrl: text('icon_url'),
    Desc: text('desc'),
    DescColor: int('desc_color'),
  }),
  MainTitle: object('main_title', TITLE),
  SubTitleText: text('sub_title_text'),
  HorizontalContentList: list('horizontal_content_list', {
    KeyName: text('keyname'),
    Value: text('value'),
    Type: int('type'),
    Url: text('url'),
    MediaId: text('media_id'),
    UserId: text('userid'),
  }),
  JumpList: list('jump_list', {
    Title: text('title'),
    Type: int('type'),
    Url: text('url'),
    AppId: text('appid'),
    PagePath: text('pagepath'),
  }),
  CardAction: object('card_action', {
    Type: int('type'),
    Url: text('url'),
    AppId: text('appid'),
    PagePath: text('pagepath'),
  }),
  EmphasisContent: object('emphasis_content', TITLE),
  ActionMenu: object('action_menu', {
    Desc: text('desc'),
    ActionList: list('action_list', { Text: text('text'), Key: text('key') }),
  }),
  QuoteArea: object('quote_area', {
    Type: int('type'),
    Url: text('url'),
    Appid: text('appid'),
    PagePath: text('pagepath'),
    Title: text('title'),
    QuoteText: text('quote_text'),
  }),
  CardImage: object('card_image', {
    Url: text('url'),
    AspectRatio: { json: 'aspect_ratio', kind: 'number' },
  }),
  VerticalContentList: list('vertical_content_list', TITLE),
  ImageTextArea: object('image_text_area', {
    Type: int('type'),
    Url: text('url'),
    Appid: text('appid'),
    PagePath: text('pagepath'),
    Title: text('title'),
    Desc: text('desc'),
    ImageUrl: text('image_url'),
  }),
  ButtonList: list('button_list', {
    Text: text('text'),
    Style: int('style'),
    Key: text('key'),
    Type: int('type'),
    Url: text('url'),
  }),
  ButtonSelection: object('button_selection', QUESTION),
  CheckBox: object('checkbox', {
    QuestionKey: text('question_key'),
    Mode: int('mode'),
    Disable: bool('disable'),
    OptionList: list('option_list', { ...OPTION, IsChecked: bool('is_checked') }),
  }),
  SelectList: list('select_list', QUESTION),
  SubmitButton: object('submit_button', { Text: text('text'), Key: text('key') }),
  ReplaceText: text('replace_text'),
};

/** The JSON of the card in `<TemplateCard>`. Throws when an element is unknown or malformed. */
export function cardFromXml(card: XmlElement): Record<string, unknown> {
  return readElement(card, CARD, 'TemplateCard');
}

function readElement(element: XmlElement, shapes: Shapes, path: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(element)) {
    const shape = shapes[name];
    const here = `${path}.${name}`;
    if (!shape) throw new Error(`${here}: no such element; lists are repeated without a wrapper`);
    const nodes = Array.isArray(node) ? node : [node];
    if (shape.kind === 'list') {
      result[shape.json] = nodes.map((item) => readElement(asElement(item), shape.of, here));
    } else if (nodes.length > 1) {
      throw new Error(`${here} may appear only once`);
    } else {
      const only = nodes[0] ?? '';
      result[shape.json] =
        shape.kind === 'object'
          ? readElement(asElement(only), shape.of, here)
          : readValue(only, shape, here);
    }
  }
  return result;
}

function readValue(node: XmlNode, shape: ValueShape, path: string): string | number | boolean {
  if (typeof node !== 'string') throw new Error(`${path} should hold text only`);
  switch (shape.kind) {
    case 'text':
      return node;
    case 'bool':
      if (!/^(0|1|true|false)$/.test(node)) throw new Error(`${path} is not true or false`);
      return node === 'true' || node === '1';
    case 'int':
    case 'number':
      if (!/^-?\d+(\.\d+)?$/.test(node)) throw new Error(`${path} is not a number: ${node}`);
      return Number(node);
  }
}

/** An element without children is read as an empty text by the parser. */
function asElement(node: XmlNode): XmlElement {
  return typeof node === 'string' ? {} : node;
}
