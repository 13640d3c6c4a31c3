export { lunarDay } from './lunar.js';
export { createCalendar } from './workday.js';
export type { Calendar, CalendarOverlayEntry, Holiday } from './workday.js';
