import type { Answer, Api, Call, Server } from './call.js';
import type { Department, Person } from './directory.js';
import { isVisible } from './directory.js';
import { Errcode, refuse } from './errcodes.js';

const LOGIN_CODE_TTL_MS = 5 * 60_000;

/** Reading members and departments (section 11), and who is behind a login code (section 10). */
export const contactApis: Api[] = [
  { path: 'user/get', method: 'GET', access: 'token', handle: getUser },
  { path: 'user/list', method: 'GET', access: 'token', handle: listUsers },
  { path: 'user/simplelist', method: 'GET', access: 'token', handle: listUsersSimply },
  { path: 'department/get', method: 'GET', access: 'token', handle: getDepartment },
  { path: 'department/list', method: 'GET', access: 'token', handle: listDepartments },
  { path: 'department/simplelist', method: 'GET', access: 'token', handle: listDepartmentIds },
  { path: 'auth/getuserinfo', method: 'GET', access: 'token', handle: getLoggedInUser },
  { path: 'user/getuserinfo', method: 'GET', access: 'token', handle: getLoggedInUserOldStyle },
];

function getUser({ server, query }: Call): Answer {
  const person = server.directory.find(query.get('userid') ?? '');
  if (!person || person.status === 5) return refuse(Errcode.useridNotFound, 'userid not found');
  if (!isVisible(person)) refuse(Errcode.memberOutOfRange, 'no privilege to access this user');
  return describe(person, server);
}

/** Members of one department, without those of its sub-departments. */
function listUsers({ server, query }: Call): Answer {
  const members = server.directory.membersOf(existingDepartment(server, query, 'department_id').id);
  return { userlist: members.map((person) => describe(person, server)) };
}

function listUsersSimply({ server, query }: Call): Answer {
  const members = server.directory.membersOf(existingDepartment(server, query, 'department_id').id);
  return {
    userlist: members.map(({ userid, name, department }) => ({ userid, name, department })),
  };
}

function getDepartment({ server, query }: Call): Answer {
  return { department: describeDepartment(existingDepartment(server, query, 'id')) };
}

function listDepartments({ server, query }: Call): Answer {
  return { department: departmentsBelow(server, query).map(describeDepartment) };
}

function listDepartmentIds({ server, query }: Call): Answer {
  return {
    department_id: departmentsBelow(server, query).map(({ id, parentid, order }) => ({
      id,
      parentid,
      order: order ?? 0,
    })),
  };
}

/** A login code is good once, for five minutes. */
function getLoggedInUser({ server, query, now }: Call): Answer {
  const code = server.loginCodes.get(query.get('code') ?? '');
  if (!code) return refuse(Errcode.oauthCodeInvalid, 'invalid code');
  if (code.used) refuse(Errcode.oauthCodeUsed, 'code already used');
  if (now.getTime() - code.issuedAt > LOGIN_CODE_TTL_MS) {
    refuse(Errcode.oauthCodeExpired, 'code expired');
  }
  code.used = true;
  return { userid: code.userid };
}

function getLoggedInUserOldStyle(call: Call): Answer {
  return { UserId: getLoggedInUser(call)['userid'] };
}

/** Mobile, e-mail and avatar are left out: apps created after June 2022 do not get them. */
function describe(person: Person, server: Server): Answer {
  const isLeaderIn = person.isLeaderIn ?? [];
  const leader = person.directLeader ? server.directory.find(person.directLeader) : undefined;
  return {
    userid: person.userid,
    name: person.name,
    department: person.department,
    order: person.department.map(() => 0),
    position: person.position ?? '',
    is_leader_in_dept: person.department.map((id) => (isLeaderIn.includes(id) ? 1 : 0)),
    direct_leader: leader && isVisible(leader) ? [leader.userid] : [],
    main_department: person.mainDepartment ?? person.department[0] ?? 1,
    alias: '',
    telephone: '',
    extattr: { attrs: [] },
    status: person.status ?? 1,
  };
}

function describeDepartment(department: Department): Answer {
  return {
    id: department.id,
    name: department.name,
    name_en: '',
    department_leader: department.leaders ?? [],
    parentid: department.parentid,
    order: department.order ?? 0,
  };
}

function existingDepartment(server: Server, query: URLSearchParams, name: string): Department {
  const found = server.directory.department(Number(query.get(name) ?? Number.NaN));
  return found ?? refuse(Errcode.departmentNotFound, 'department not found');
}

/** Everything when no id is given. */
function departmentsBelow(server: Server, query: URLSearchParams): Department[] {
  if (!query.has('id')) return server.directory.departments();
  return server.directory.withChildren(existingDepartment(server, query, 'id').id);
}
