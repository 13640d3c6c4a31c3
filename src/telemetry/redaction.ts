/**
 * Takes what must never reach a log out of a line: access tokens and secrets in URLs, webhook keys,
 * signed links and phone numbers. The one place where this is done.
 */
const RULES: readonly [RegExp, string][] = [
  [/((?:access_token|corpsecret|key|echostr|msg_signature|code)=)[^&\s"'\\]+/gi, '$1[redacted]'],
  // The signed page opens for whoever has its address.
  [/(\/o\/)[\w.-]+/g, '$1[redacted]'],
  [/(mongodb(?:\+srv)?:\/\/[^:@/\s]+:)[^@\s]+@/gi, '$1[redacted]@'],
  [
    /("(?:access_token|corpsecret|secret|token|encodingAesKey|responseCode|response_code|phone|mobile|apiV3Key)"\s*:\s*")[^"]*"/gi,
    '$1[redacted]"',
  ],
  [/(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g, '[phone]'],
  [/(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g, '[phone]'],
];

export function redact(line: string): string {
  return RULES.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}
