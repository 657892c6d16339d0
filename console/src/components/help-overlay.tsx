import { Modal } from 'antd';
import { Fragment } from 'react';
import { KEY_HELP } from '../services/keyboard.ts';

export function HelpOverlay({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal open={open} onCancel={onClose} footer={null} title="按键说明" width={620} destroyOnHidden>
      <dl className="help">
        {KEY_HELP.map(({ keys, zh }) => (
          <Fragment key={zh}>
            <dt>
              {keys.map((key) => (
                <kbd className="key" key={key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{zh}</dd>
          </Fragment>
        ))}
      </dl>
      <p className="help__note">正在输入文字时，这些键都不起作用。</p>
    </Modal>
  );
}
