// What a teacher takes along: the link, the frame, the element.

import { t } from '../base/i18n.js';
import { elementCode, frameCode, hrefOf } from '../share/codes.js';
import { copyField, copyStatus } from '../base/copy.js';

/** @import { Plan } from './plan.js' */

export class Codes {
  /** @param {HTMLElement} place @param {Plan} plan */
  constructor(place, plan) {
    this.plan = plan;
    const status = copyStatus();
    this.frame = copyField('code-frame', t('share.frame'), status);
    this.code = copyField('code-element', t('share.element'), status);
    this.link = copyField('code-link', t('builder.link'), status);
    place.replaceChildren(this.frame.element, this.code.element, this.link.element, status);
    plan.subscribe(() => this.show());
    this.show();
  }

  show() {
    const { plan } = this;
    const text = plan.text(true);
    this.frame.set(frameCode(text, plan.size));
    this.code.set(elementCode(text, plan.size));
    this.link.set(hrefOf(text));
  }
}
