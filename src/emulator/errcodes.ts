/**
 * The errcodes this emulator answers with (全局错误码, path 90313; card codes 42014–42051 of path 90236).
 * Every refusal is HTTP 200 with one of these; callers judge by the number, never by errmsg.
 */
export const Errcode = {
  systemBusy: -1,
  ok: 0,
  wrongSecret: 40001,
  wrongMediaType: 40004,
  wrongFileSize: 40006,
  invalidMediaId: 40007,
  invalidMsgtype: 40008,
  wrongCorpId: 40013,
  invalidToken: 40014,
  menuButtonCount: 40016,
  menuButtonType: 40017,
  menuNameLength: 40018,
  menuKeyLength: 40019,
  menuUrlLength: 40020,
  subMenuCount: 40023,
  subMenuNameLength: 40025,
  oauthCodeInvalid: 40029,
  userListTooLong: 40032,
  invalidAgentId: 40056,
  invalidParameter: 40058,
  emptyParameter: 40063,
  bodyTooLarge: 40206,
  tokenMissing: 41001,
  corpIdMissing: 41002,
  secretMissing: 41004,
  tokenExpired: 42001,
  oauthCodeExpired: 42003,
  oauthCodeUsed: 42022,
  cardTaskId: 42014,
  cardTaskNotFound: 42016,
  cardKeyIllegal: 42018,
  cardKeyMissing: 42019,
  cardNameMissing: 42020,
  cardKeynameMissing: 42027,
  cardUrlMissing: 42028,
  cardMediaIdMissing: 42029,
  cardAppidMissing: 42030,
  cardType: 42031,
  cardTitleMissing: 42033,
  cardHorizontalLength: 42035,
  cardVerticalLength: 42036,
  cardOptionListLength: 42037,
  cardButtonText: 42038,
  cardButtonKey: 42039,
  cardOptionId: 42040,
  cardOptionText: 42041,
  cardJumpListLength: 42042,
  cardQuestionKey: 42043,
  cardImageUrl: 42044,
  cardAction: 42045,
  cardSubmitKey: 42046,
  cardSelectListLength: 42047,
  cardSubmitText: 42049,
  cardHorizontalUserid: 42050,
  cardDuplicateActionKey: 42051,
  recallExpired: 42052,
  callbackUrlMissing: 43012,
  emptyText: 44004,
  contentTooLong: 45002,
  tooManyArticles: 45008,
  frequencyExceeded: 45009,
  noAppchatPermission: 48002,
  memberOutOfRange: 60011,
  departmentNotFound: 60003,
  useridNotFound: 60111,
  responseCodeInvalid: 60140,
  allReceiversInvalid: 81013,
  noReceiver: 82001,
  partyListTooLong: 82002,
  tagListTooLong: 82003,
  updateTargetEmpty: 82101,
  updateTargetNotRecipient: 82102,
  invalidChatid: 86001,
  chatidNotFound: 86003,
  groupName: 86004,
  groupOwner: 86005,
  groupSize: 86006,
  groupMembers: 86007,
  groupNotOurs: 86008,
  chatidExists: 86215,
  groupBadMember: 86216,
  webhookKey: 93000,
  webhookEmpty: 93017,
  webhookImageTooLarge: 93018,
  tokenOfAnotherApp: 301002,
} as const;

export type ErrcodeValue = (typeof Errcode)[keyof typeof Errcode];

/** A request the real WeCom would refuse: answered as HTTP 200 with this errcode. */
export class ApiRefusal extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(`${errcode} ${errmsg}`);
    this.name = 'ApiRefusal';
  }
}

/** Ends the request with `errcode`. */
export function refuse(errcode: number, errmsg: string): never {
  throw new ApiRefusal(errcode, errmsg);
}
