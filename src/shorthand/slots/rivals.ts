/**
 * Software houses that sales people in China meet as rivals, in uniform spelling, for use in a pattern.
 * Knowing them tells “用友报了80万” (their price) from “报了80万” (ours).
 */
export const KNOWN_RIVALS =
  '用友|金蝶|汉得|东软|鼎捷|泛微|致远|帆软|纷享销客|纷享|销售易|明源云?|浙大中控|宝信|软通|中软|神州数码|太极|金山|蓝凌|北森|致趣|有赞|微盟|观远|思迈特|亿信|和利时|西门子|达索|罗克韦尔|施耐德|霍尼韦尔|微软|甲骨文|思爱普|oracle|sap|salesforce|microsoft|dynamics|infor|ptc|siemens|workday|servicenow|tableau|hubspot|zoho|oa厂商';
