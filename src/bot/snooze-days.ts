import { addDays, weekOf } from '../kernel/index.js';
import type { Day } from '../kernel/index.js';
import type { Policies } from '../usecases/index.js';

/**
 * The days 推迟 offers. Short ones count working days, a week calendar days rolled to a working day
 * (decisions 15); never two buttons for one day.
 */
export function snoozeDays(today: Day, { calendar }: Policies): { day: Day; label: string }[] {
  const offered = [
    { day: calendar.nextWorkday(today), label: '下个工作日' },
    { day: calendar.addWorkdays(today, 3), label: '三天后' },
    { day: calendar.rollForward(addDays(weekOf(today).last, 1)), label: '下周' },
  ].map(({ day, label }) => ({
    day,
    label: label === '下个工作日' && day === addDays(today, 1) ? '明天' : label,
  }));
  return offered.filter(({ day }, index) => offered.findIndex((one) => one.day === day) === index);
}
