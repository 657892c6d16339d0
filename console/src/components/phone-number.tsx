import { CopyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { copyText } from '../services/copy-text.ts';

/** Mobile numbers are read out in groups of 3, 4 and 4; others stay as they were entered. */
export function phoneGroups(phone: string): string[] {
  return /^1\d{10}$/.test(phone) ? [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)] : [phone];
}

/** The number to ring, to be read from a step away, and copied by one click. */
export function PhoneNumber({ phone }: { phone: string }) {
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(phone)) message.success(`已复制 ${phone}`);
    else message.error('复制不了，请照着拨号');
  };
  return (
    <div className="phone">
      <span className="phone__number" data-testid="phone">
        {phoneGroups(phone).map((group, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two groups of one number may be equal
          <span key={i}>{group}</span>
        ))}
      </span>
      <Button icon={<CopyOutlined />} onClick={copy} aria-label="复制电话">
        复制
      </Button>
    </div>
  );
}
