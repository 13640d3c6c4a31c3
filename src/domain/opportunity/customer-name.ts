/** What companies add to their name and people leave out. Latin ones stand apart: Zinc ends in no Inc. */
const LATIN_SUFFIX = /[\s,.]+(?:co[\s,.]*ltd|inc|ltd|llc|corp)[\s.]*$/;
const SUFFIX =
  /(?:有限责任公司|集团有限公司|控股有限公司|有限公司|分公司|总公司|公司|集团|控股|股份)$/;

/**
 * A customer's name made comparable: width, case, spaces, punctuation and company suffixes do not tell two
 * customers apart. “华为技术有限公司” and “ 华为技术 ” are one; “华为” and “华为云” are two.
 */
export function customerKey(name: string): string {
  const plain = name.normalize('NFKC').toLowerCase().trim();
  const bare = plain.replace(LATIN_SUFFIX, '').replace(/[\s\p{P}\p{S}]/gu, '');
  return withoutSuffixes(bare || plain);
}

/** A customer that is called nothing but 集团 keeps its name. */
function withoutSuffixes(name: string): string {
  const shorter = name.replace(SUFFIX, '');
  return shorter === name || shorter === '' ? name : withoutSuffixes(shorter);
}

export function isSameCustomer(a: string, b: string): boolean {
  return customerKey(a) === customerKey(b);
}
