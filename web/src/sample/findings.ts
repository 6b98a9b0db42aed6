/** Findings of the sample: sentences as the engine writes them, with the sample's own numbers. */
import { makeFormat } from '../design/format.ts';
import type { Finding, Report, Tone } from '../report/types.ts';

interface Draft {
  kind: string;
  tone: Tone;
  money: number;
  customers: number;
  text: [string, string];
  action: [string, string];
  method: [string, string];
}

type Facts = Omit<Report, 'findings'>;

function stage(report: Facts, name: string) {
  return report.stages.find((each) => each.stage === name) ?? { customers: 0, revenue_365d: 0 };
}

function quarter(revenue: number): number {
  return Math.round(revenue / 4);
}

function atRisk(report: Facts): Draft {
  const { customers, revenue_365d } = stage(report, 'at_risk');
  const zh = makeFormat({ lang: 'zh', currency: report.currency, decimals: report.currency_decimals });
  const en = makeFormat({ lang: 'en', currency: report.currency, decimals: report.currency_decimals });
  return {
    kind: 'at_risk_valuable',
    tone: 'bad',
    money: quarter(revenue_365d),
    customers,
    text: [
      `${en.int(customers)} customers are later than their own rhythm; they spent ${en.money(revenue_365d)} in the last year`,
      `${zh.int(customers)} 位客户已超过自己的购买间隔，过去一年消费 ${zh.money(revenue_365d)}`,
    ],
    action: [
      'Write to the most valuable half this week: ask what is missing before you offer anything',
      '本周先联系价值最高的一半：先问缺什么，再谈优惠',
    ],
    method: ['Their revenue of the last 365 days ÷ 4', '他们过去 365 天的收入 ÷ 4'],
  };
}

function secondOrder(report: Facts): Draft {
  const { bought_0, customers } = report.first_60_days;
  const share = customers > 0 ? bought_0 / customers : 0;
  const aov = report.kpis.aov ?? 0;
  const en = makeFormat({ lang: 'en', currency: report.currency, decimals: report.currency_decimals });
  const zh = makeFormat({ lang: 'zh', currency: report.currency, decimals: report.currency_decimals });
  return {
    kind: 'second_order_gap',
    tone: 'watch',
    money: Math.round(bought_0 * 0.1 * aov),
    customers: bought_0,
    text: [
      `${en.percent(share)} of first-time buyers had no second order within 60 days`,
      `首购后 60 天内，${zh.percent(share)} 的新客没有第二次购买`,
    ],
    action: [
      'Set up a welcome programme that ends at the second order, not at the first thank-you',
      '建立新客户欢迎计划，以第二次购买为终点，而不是止于一句感谢',
    ],
    method: ['One in ten of them × average order value', '其中每十人挽回一人 × 客单价'],
  };
}

function lapsed(report: Facts): Draft {
  const { customers, revenue_365d } = stage(report, 'lapsed');
  return {
    kind: 'lapsed_winnable',
    tone: 'watch',
    money: Math.round(revenue_365d * 0.08),
    customers,
    text: [
      `${customers} customers have lapsed and can still be won back`,
      `${customers} 位客户已沉睡，仍有机会赢回`,
    ],
    action: [
      'Try win-back in five steps, with one in ten left out as a control',
      '启动五步流失召回，留出一成作为对照组',
    ],
    method: ['Revenue of the last 365 days × 8 % expected return', '过去 365 天收入 × 8% 预期召回'],
  };
}

function loyalCore(report: Facts): Draft {
  const { customers, revenue_365d } = stage(report, 'loyal');
  return {
    kind: 'loyal_core',
    tone: 'good',
    money: quarter(revenue_365d),
    customers,
    text: [
      `${customers} loyal customers carry the brand: five orders or more, in their rhythm`,
      `${customers} 位忠诚客户是品牌的根基：买过五次以上，且节奏正常`,
    ],
    action: ['Surprise them; do not discount what they buy anyway', '给他们惊喜，不要给本来就会买的东西打折'],
    method: ['Their revenue of the last 365 days ÷ 4', '他们过去 365 天的收入 ÷ 4'],
  };
}

function unidentified(report: Facts): Draft {
  const { orders, revenue } = report.unidentified;
  return {
    kind: 'unidentified_orders',
    tone: 'watch',
    money: revenue,
    customers: 0,
    text: [
      `${orders} orders name no customer, so nobody can be thanked for them`,
      `${orders} 笔订单找不到客户，也就无法回访`,
    ],
    action: ['Ask for a phone number or a member card at the till', '在收银时登记手机号或会员卡'],
    method: ['Value of the orders without a customer', '无客户订单的金额合计'],
  };
}

export function findings(report: Facts): Finding[] {
  return [atRisk, secondOrder, lapsed, loyalCore, unidentified]
    .map((draft) => draft(report))
    .filter((draft) => draft.money > 0)
    .sort((a, b) => b.money - a.money)
    .map(({ kind, tone, money, customers, text, action, method }) => ({
      kind,
      tone,
      money_at_stake: money,
      customers,
      text_en: text[0],
      text_zh: text[1],
      action_en: action[0],
      action_zh: action[1],
      method_en: method[0],
      method_zh: method[1],
      csv: kind === 'at_risk_valuable' ? `report-customers/${kind}.csv` : null,
    }));
}
