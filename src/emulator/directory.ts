/** A member of the pretend company (成员). */
export interface Person {
  userid: string;
  name: string;
  /** Ids of the departments this person belongs to. */
  department: number[];
  /** Defaults to the first of `department`. */
  mainDepartment?: number;
  position?: string;
  /** Departments this person leads. */
  isLeaderIn?: number[];
  /** userid of the direct leader (直属上级). */
  directLeader?: string;
  /** 1 active (default) · 2 disabled · 4 not yet activated · 5 left. */
  status?: 1 | 2 | 4 | 5;
  /** Whether the member has the base API licence (基础接口许可); default true. */
  licensed?: boolean;
  /** Whether the app's visible range (可见范围) contains this person; default true. */
  inRange?: boolean;
  /** What the demo page prints under the name, e.g. 销售 · 华东. */
  role?: string;
  /** Sentences the demo page offers this person as chips. */
  examples?: string[];
}

export interface Department {
  id: number;
  name: string;
  /** 0 for the root. */
  parentid: number;
  order?: number;
  leaders?: string[];
}

/** Who works here and who leads whom. userids are case-insensitive, as in WeCom. */
export class Directory {
  readonly #people = new Map<string, Person>();
  readonly #departments = new Map<number, Department>();

  constructor(people: readonly Person[], departments: readonly Department[]) {
    for (const department of departments) this.#departments.set(department.id, department);
    for (const person of people) this.put(person);
  }

  /** Adds a member or replaces the one with the same userid. */
  put(person: Person): void {
    this.#people.set(person.userid.toLowerCase(), { ...person });
  }

  remove(userid: string): void {
    this.#people.delete(userid.toLowerCase());
  }

  find(userid: string): Person | undefined {
    return this.#people.get(userid.toLowerCase());
  }

  all(): Person[] {
    return [...this.#people.values()];
  }

  departments(): Department[] {
    return [...this.#departments.values()];
  }

  department(id: number): Department | undefined {
    return this.#departments.get(id);
  }

  /** The department and everything below it. */
  withChildren(id: number): Department[] {
    const own = this.#departments.get(id);
    if (!own) return [];
    const children = this.departments().filter((department) => department.parentid === id);
    return [own, ...children.flatMap((child) => this.withChildren(child.id))];
  }

  /** Direct members of a department that the app may see. No recursion, as in WeCom. */
  membersOf(departmentId: number): Person[] {
    return this.all().filter(
      (person) => isVisible(person) && person.department.includes(departmentId),
    );
  }
}

export function isVisible(person: Person): boolean {
  return person.inRange !== false && person.status !== 5;
}

/** Whether the app can put a message into this person's conversation. */
export function isReachable(person: Person): boolean {
  return isVisible(person) && (person.status ?? 1) === 1;
}

export function isLicensed(person: Person): boolean {
  return person.licensed !== false;
}
