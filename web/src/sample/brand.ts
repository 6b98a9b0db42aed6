/** Made-up brands and their made-up customers: who buys when, for how much, through what. */
import { dayNumber } from '../lib/days.ts';
import { makeRandom, type Random } from './random.ts';

interface Share {
  name: string;
  weight: number;
}

export interface Brand {
  seed: number;
  currency: string;
  decimals: number;
  timezone: string;
  offset: string;
  /** First day of business and first day after the last. */
  from: string;
  until: string;
  customers: number;
  /** Median order in minor units. */
  orderValue: number;
  channels: Share[];
  /** Empty: the files say nothing of it. */
  stores: Share[];
  categories: Share[];
  staff: Share[];
  /** Spring Festival this year and last year, where the report is near it. */
  festivals: [string, string] | null;
  files: { name: string; description: string; layout: string; fields: [string, string][] }[];
}

export interface Order {
  day: number;
  value: number;
  units: number;
  channel: string;
  store: string;
  staff: string;
  category: string;
}

/** Orders of one customer, oldest first. */
export type Customer = Order[];

/** Chance to be gone after each order, before the second and later. */
const LEAVES_AFTER_FIRST = 0.46;
const LEAVES_LATER = 0.11;

function season(day: number): number {
  const yearDay = ((day % 365.25) + 365.25) % 365.25;
  const november = Math.exp(-(((yearDay - 314) / 22) ** 2));
  const june = Math.exp(-(((yearDay - 168) / 16) ** 2));
  return 1 + 0.9 * november + 0.55 * june;
}

/** A first day, likelier in season and as the brand grows. */
function firstDay(random: Random, from: number, until: number): number {
  for (;;) {
    const day = from + random.below(until - from);
    const growth = 0.62 + (0.38 * (day - from)) / (until - from);
    if (random.next() * 2 < season(day) * growth) return day;
  }
}

function named(random: Random, shares: Share[]): string {
  return shares.length > 0 ? (shares[random.pick(shares.map((each) => each.weight))]?.name ?? '') : '';
}

function order(random: Random, brand: Brand, day: number, taste: number): Order {
  const units = 1 + random.pick([0.52, 0.26, 0.13, 0.06, 0.03]);
  const value = brand.orderValue * taste * (0.55 + 0.45 * units) * Math.exp(0.32 * random.normal());
  const channel = named(random, brand.channels);
  const [store, staff, category] = [brand.stores, brand.staff, brand.categories].map((shares) =>
    named(random, shares),
  ) as [string, string, string];
  return { day, units, channel, store, staff, category, value: Math.max(100, Math.round(value / 10) * 10) };
}

function customer(random: Random, brand: Brand, from: number, until: number): Customer {
  const taste = Math.exp(0.75 * random.normal());
  const interval = 34 * Math.exp(0.5 * random.normal());
  const orders: Customer = [];
  let day = firstDay(random, from, until);
  while (day < until) {
    orders.push(order(random, brand, day, taste));
    if (random.next() < (orders.length === 1 ? LEAVES_AFTER_FIRST : LEAVES_LATER)) break;
    const pause = random.next() < 0.06 ? 120 : 0;
    day += Math.max(1, Math.round(pause + random.wait(interval / season(day))));
  }
  return orders;
}

/** Everybody who bought, each with at least one order. */
export function simulate(brand: Brand): Customer[] {
  const random = makeRandom(brand.seed);
  const from = dayNumber(brand.from);
  const until = dayNumber(brand.until);
  return Array.from({ length: brand.customers }, () => customer(random, brand, from, until));
}

export const teaHouse: Brand = {
  seed: 20_261_121,
  currency: 'CNY',
  decimals: 2,
  timezone: 'Asia/Shanghai',
  offset: '+08:00',
  from: '2024-10-08',
  until: '2026-11-21',
  customers: 9_600,
  orderValue: 13_800,
  channels: [
    { name: '天猫旗舰店', weight: 46 },
    { name: '微信小店', weight: 24 },
    { name: '抖店', weight: 18 },
    { name: '门店', weight: 9 },
    { name: '', weight: 3 },
  ],
  stores: [
    { name: '上海静安店', weight: 34 },
    { name: '杭州湖滨店', weight: 27 },
    { name: '成都太古里店', weight: 21 },
    { name: '', weight: 18 },
  ],
  categories: [
    { name: '绿茶', weight: 38 },
    { name: '乌龙茶', weight: 25 },
    { name: '茶具', weight: 20 },
    { name: '礼盒', weight: 17 },
  ],
  staff: [
    { name: '林芳', weight: 30 },
    { name: '王磊', weight: 28 },
    { name: '陈静', weight: 26 },
    { name: '赵敏', weight: 24 },
    { name: '黄勇', weight: 22 },
    { name: '周婷', weight: 20 },
    { name: '吴强', weight: 18 },
    { name: '徐丽', weight: 16 },
    { name: '孙杰', weight: 14 },
    { name: '马超', weight: 12 },
    { name: '朱琳', weight: 10 },
    { name: '胡军', weight: 8 },
    { name: '郭颖', weight: 6 },
    { name: '何平', weight: 4 },
    { name: '高洁', weight: 2 },
  ],
  festivals: null,
  files: [
    {
      name: '订单报表-2024.csv',
      description: 'CSV, GB18030, header on line 2',
      layout: 'taobao',
      fields: [
        ['order', '订单编号'],
        ['platform', '买家会员名'],
        ['phone', '收货人手机'],
        ['paid_time', '订单付款时间'],
        ['order_amount', '买家实际支付金额'],
        ['quantity', '宝贝总数量'],
        ['status', '订单状态'],
      ],
    },
    {
      name: '微信小店-订单导出.xlsx',
      description: 'XLSX, sheet 订单, header on row 1',
      layout: 'wechat_shop',
      fields: [
        ['order', '订单号'],
        ['phone', '收件人手机'],
        ['paid_time', '支付时间'],
        ['order_amount', '实付金额'],
      ],
    },
  ],
};

export const coffeeRoaster: Brand = {
  seed: 4_117,
  currency: 'GBP',
  decimals: 2,
  timezone: 'Europe/London',
  offset: '+00:00',
  from: '2025-01-06',
  until: '2026-11-21',
  customers: 4_200,
  orderValue: 2_650,
  channels: [
    { name: 'Online Store', weight: 71 },
    { name: 'Point of Sale', weight: 19 },
    { name: 'Wholesale', weight: 10 },
  ],
  stores: [],
  categories: [],
  staff: [],
  festivals: null,
  files: [
    {
      name: 'orders_export.csv',
      description: 'CSV, UTF-8, header on line 1',
      layout: 'shopify',
      fields: [
        ['order', 'Name'],
        ['email', 'Email'],
        ['time', 'Created at'],
        ['order_amount', 'Total'],
        ['refund_amount', 'Refunded Amount'],
        ['quantity', 'Lineitem quantity'],
        ['channel', 'Source'],
      ],
    },
  ],
};

/** Three weeks, a few one-time buyers, no currency: what the empty states are for. */
export const newStall: Brand = {
  ...coffeeRoaster,
  seed: 7,
  currency: 'XXX',
  from: '2026-11-02',
  until: '2026-11-21',
  customers: 1,
  channels: [{ name: '', weight: 1 }],
  files: [
    {
      name: 'orders.csv',
      description: 'CSV, UTF-8, header on line 1',
      layout: 'generic',
      fields: [
        ['order', 'id'],
        ['email', 'email'],
        ['time', 'date'],
        ['order_amount', 'amount'],
      ],
    },
  ],
};
