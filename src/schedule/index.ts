export { createSchedule, type Heartbeat, type Schedule, type ScheduleOptions } from './schedule.js';
