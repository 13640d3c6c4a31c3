/** Records whose marks share a page: 512 bytes. */
const PAGE = 4096;

/** A set of record numbers. It grows page by page, so that adding to a large one never takes long. */
export class RecordSet {
  private readonly pages = new Map<number, Uint32Array>();

  /** @returns whether it was new */
  add(record: number): boolean {
    const number = Math.floor(record / PAGE);
    let page = this.pages.get(number);
    if (!page) {
      page = new Uint32Array(PAGE / 32);
      this.pages.set(number, page);
    }
    const within = record % PAGE;
    const word = page[within >> 5] as number;
    const mark = 1 << (within & 31);
    if ((word & mark) !== 0) return false;
    page[within >> 5] = word | mark;
    return true;
  }

  has(record: number): boolean {
    const page = this.pages.get(Math.floor(record / PAGE));
    const within = record % PAGE;
    return page !== undefined && ((page[within >> 5] as number) & (1 << (within & 31))) !== 0;
  }
}
