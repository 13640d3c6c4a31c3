import type { CardUse } from './card-parts.js';
import { checkTarget, hasDuplicates, KEY_MAX_BYTES } from './card-parts.js';
import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';
import { lengthInBytes } from './fields.js';

const OPTION_ID_MAX_BYTES = 128;

/** Buttons and the drop-down above them (button_interaction). */
export function checkButtons(card: Fields, use: CardUse): void {
  const buttons = card.list('button_list');
  const mayBeAbsent = use === 'update' && card.text('replace_text') !== '';
  if ((buttons.length < 1 && !mayBeAbsent) || buttons.length > 6) {
    refuse(Errcode.invalidParameter, `${card.pathOf('button_list')} needs 1 to 6 buttons`);
  }
  const keys: string[] = [];
  for (const button of buttons) {
    button.expectOnly('type', 'text', 'style', 'key', 'url');
    if (button.text('text') === '') refuse(Errcode.cardButtonText, `${button.path}.text missing`);
    button.advise('text', 10);
    const style = button.integer('style') ?? 1;
    if (style < 1 || style > 4) button.warn('style', '只能是 1 到 4');
    if ((button.integer('type') ?? 0) === 1) checkTarget(button);
    else keys.push(checkButtonKey(button));
  }
  if (hasDuplicates(keys)) refuse(Errcode.cardKeyIllegal, 'duplicate button key');
  const selection = card.object('button_selection');
  if (selection) checkQuestion(selection, { options: 10, text: 16 });
}

function checkButtonKey(button: Fields): string {
  const key = button.text('key');
  if (key === '') refuse(Errcode.cardButtonKey, `${button.path}.key missing`);
  button.limitBytes('key', KEY_MAX_BYTES, Errcode.cardKeyIllegal);
  return key;
}

/** One question with up to 20 answers (vote_interaction). */
export function checkVote(card: Fields, use: CardUse): void {
  const checkbox = card.object('checkbox');
  if (!checkbox) return refuse(Errcode.cardQuestionKey, `${card.pathOf('checkbox')} missing`);
  const mode = checkbox.integer('mode') ?? 0;
  if (mode !== 0 && mode !== 1) {
    refuse(Errcode.invalidParameter, `${checkbox.pathOf('mode')} invalid`);
  }
  checkQuestion(checkbox, { options: 20, text: 17 });
  checkSubmit(card, use);
}

/** Up to three drop-downs (multiple_interaction). */
export function checkMultiple(card: Fields, use: CardUse): void {
  const questions = card.list('select_list');
  if (questions.length < 1 || questions.length > 3) {
    refuse(Errcode.cardSelectListLength, `${card.pathOf('select_list')} needs 1 to 3 questions`);
  }
  for (const question of questions) checkQuestion(question, { options: 10, text: 16 });
  const keys = questions.map((question) => question.text('question_key'));
  if (hasDuplicates(keys)) refuse(Errcode.cardQuestionKey, 'duplicate question_key');
  checkSubmit(card, use);
}

function checkQuestion(question: Fields, max: { options: number; text: number }): void {
  if (question.text('question_key') === '') {
    refuse(Errcode.cardQuestionKey, `${question.pathOf('question_key')} missing`);
  }
  question.limitBytes('question_key', KEY_MAX_BYTES, Errcode.cardQuestionKey);
  const options = question.list('option_list');
  if (options.length < 1 || options.length > max.options) {
    refuse(
      Errcode.cardOptionListLength,
      `${question.pathOf('option_list')} needs 1 to ${max.options} options`,
    );
  }
  const ids = options.map((option) => {
    const id = option.text('id');
    if (id === '' || lengthInBytes(id) > OPTION_ID_MAX_BYTES) {
      refuse(Errcode.cardOptionId, `${option.pathOf('id')} missing or over 128 bytes`);
    }
    if (option.text('text') === '') {
      refuse(Errcode.cardOptionText, `${option.pathOf('text')} missing`);
    }
    option.advise('text', max.text);
    return id;
  });
  if (hasDuplicates(ids)) refuse(Errcode.cardOptionId, 'duplicate option id');
  const selected = question.text('selected_id');
  if (selected !== '' && !ids.includes(selected)) question.warn('selected_id', '不在选项中');
}

function checkSubmit(card: Fields, use: CardUse): void {
  const submit = card.object('submit_button');
  if (!submit) {
    if (use === 'update') return;
    return refuse(Errcode.cardSubmitKey, `${card.pathOf('submit_button')} missing`);
  }
  if (submit.text('key') === '') refuse(Errcode.cardSubmitKey, 'submit_button.key missing');
  submit.limitBytes('key', KEY_MAX_BYTES, Errcode.cardSubmitKey);
  if (submit.has('text') && submit.text('text') === '') {
    refuse(Errcode.cardSubmitText, 'submit_button.text empty');
  }
  submit.advise('text', 10);
}
