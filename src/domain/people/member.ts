/** A colleague, as the directory knows them (通讯录成员). */
export interface Member {
  userid: string;
  name: string;
  departmentIds: number[];
  /** e.g. 华东一组 */
  departmentName: string;
  /** Everyone above, nearest first. */
  managerIds: string[];
  isAdmin: boolean;
  /** Left or disabled members stay known, for history, but receive nothing. */
  isActive: boolean;
}
