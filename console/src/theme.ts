import { theme as antd, type ConfigProviderProps } from 'antd';
import * as zhCN from 'antd/locale/zh_CN.js';

type Locale = NonNullable<ConfigProviderProps['locale']>;

/** Simplified glyphs first: without a named font the browser may draw Japanese variants of the same characters. */
export const FONT = "'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";

/** A dark, calm room at night; the only loud colour is the alarm's. The same values are in styles/base.css. */
export const consoleTheme: ConfigProviderProps['theme'] = {
  algorithm: antd.darkAlgorithm,
  token: {
    colorPrimary: '#2f7fd6',
    colorError: '#e5383b',
    colorWarning: '#f2b134',
    colorLink: '#6cb2ff',
    colorSuccess: '#3fb97f',
    colorBgBase: '#0d131c',
    colorBgContainer: '#1b2736',
    colorBgElevated: '#182230',
    colorBorder: '#3a4d63',
    colorText: '#e6edf5',
    colorTextSecondary: '#a9b8c9',
    colorTextPlaceholder: '#8fa1b5',
    colorTextDisabled: '#7d8da0',
    fontFamily: FONT,
    fontSize: 16,
    fontSizeSM: 14,
    controlHeight: 40,
    borderRadius: 8,
    motionDurationMid: '0.1s',
    motionDurationSlow: '0.15s',
  },
};

/** The package is CommonJS: bundlers and Node differ in whether its `default` is already unwrapped. */
const loaded = zhCN as unknown as { default: Locale | { default: Locale } };
export const locale: Locale = 'default' in loaded.default ? (loaded.default as { default: Locale }).default : (loaded.default as Locale);
