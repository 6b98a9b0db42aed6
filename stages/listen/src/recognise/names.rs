//! Column names as shops and databases give them, in English and Chinese.

use super::field::Field;
use crate::value::half_width;

/// Bracketed words that say only the unit: 买家实际支付金额(元).
const UNITS: [&str; 16] =
    ["元", "¥", "￥", "单位元", "人民币", "cny", "rmb", "件", "个", "usd", "gbp", "eur", "$", "£", "€", "必填"];

/// A column's name without what varies: case, full width, spaces, underscores, brackets around units.
#[must_use]
pub(crate) fn normalise(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut bracket: Option<String> = None;
    for letter in name.chars().map(half_width).flat_map(char::to_lowercase) {
        match letter {
            '(' | '[' | '【' => bracket = Some(String::new()),
            ')' | ']' | '】' => {
                out.extend(bracket.take().filter(|inside| !UNITS.contains(&inside.as_str())));
            }
            _ if letter.is_alphanumeric() || "¥$£€".contains(letter) => {
                bracket.as_mut().unwrap_or(&mut out).push(letter)
            }
            _ => {}
        }
    }
    out.extend(bracket.take().filter(|inside| !UNITS.contains(&inside.as_str())));
    out
}

/// Whether a name has Chinese letters.
#[must_use]
pub(crate) fn is_chinese(name: &str) -> bool {
    name.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// Names of a field, preferred first, already normalised.
pub(crate) fn names_of(field: Field) -> impl Iterator<Item = &'static str> {
    let names = match field {
        Field::Order => ORDER,
        Field::SubOrder => SUB_ORDER,
        Field::Message => MESSAGE,
        Field::Member => MEMBER,
        Field::Phone => PHONE,
        Field::Email => EMAIL,
        Field::Platform => PLATFORM,
        Field::BuyerName => BUYER_NAME,
        Field::PaidTime => PAID_TIME,
        Field::Time => TIME,
        Field::CancelledTime => CANCELLED_TIME,
        Field::Item => ITEM,
        Field::ItemName => ITEM_NAME,
        Field::Category => CATEGORY,
        Field::Quantity => QUANTITY,
        Field::UnitPrice => UNIT_PRICE,
        Field::LineAmount => LINE_AMOUNT,
        Field::OrderAmount => ORDER_AMOUNT,
        Field::Amount => AMOUNT,
        Field::RefundAmount => REFUND_AMOUNT,
        Field::Status => STATUS,
        Field::RefundStatus => REFUND_STATUS,
        Field::Currency => CURRENCY,
        Field::Channel => CHANNEL,
        Field::Store => STORE,
        Field::Staff => STAFF,
        Field::Campaign => CAMPAIGN,
        Field::Event => EVENT,
        Field::Consent => CONSENT,
        Field::EmailConsent => EMAIL_CONSENT,
        Field::SmsConsent => SMS_CONSENT,
    };
    names.split_ascii_whitespace()
}

const ORDER: &str = "\
    主订单编号 主订单号 orderid ordernumber orderno ordername ordercode order invoiceno invoice invoiceid \
    invoicenumber basketid transactionid transactionno receiptid receiptno receipt billno ticketno salesorder \
    订单编号 订单号 订单id 交易单号 交易编号 交易号 小票号 销售单号 单据编号 \
    单据号 流水号 单号 订单";
const SUB_ORDER: &str = "\
    suborderid suborder lineitemid orderlineid orderitemid lineid 子订单编号 子订单号 子单号 子订单id \
    明细编号 商品单号 订单商品id";
const MESSAGE: &str = "eventid messageid msgid uuid insertid 事件id 消息id 事件编号";
const MEMBER: &str = "\
    memberid memberno membernumber membercode customerid customerno customernumber customercode customerkey custid \
    custno userid userno clientid buyerid shopperid householdid householdkey accountid contactid customer member \
    user client 会员编号 会员号 会员id 会员卡号 会员账号 会员 客户编号 客户号 客户id \
    客户代码 客户 用户id 用户编号 顾客编号 顾客id 卡号";
const PHONE: &str = "\
    phone phonenumber mobile mobilephone mobilenumber customerphone buyerphone billingphone shippingphone telephone \
    tel 买家手机号 买家手机号码 买家手机 会员手机号 会员手机 客户手机号 客户手机 \
    用户手机号 手机号 手机号码 手机 联系手机 联系电话 收件人手机号 收件人手机 \
    收货人手机号 收货人手机 收货人手机号码 收件人电话 收货人电话 电话 电话号码";
const EMAIL: &str = "\
    email emailaddress customeremail buyeremail useremail mail contactemail 邮箱 电子邮箱 买家邮箱 \
    电子邮件 会员邮箱";
const PLATFORM: &str = "\
    买家openid openid unionid 买家会员名 买家昵称 用户账号 用户帐号 下单账号 下单帐号 \
    客户账号 买家旺旺 旺旺 买家id 买家账号 买家 用户昵称 buyernick buyerusername platformid \
    买家支付宝账号 支付宝账号";
const BUYER_NAME: &str = "\
    customername buyername fullname billingname shippingname recipient name 收货人姓名 收货人 \
    收件人姓名 收件人 客户姓名 客户名称 买家姓名 会员姓名 姓名 联系人";
const PAID_TIME: &str = "\
    paidat paidtime paymenttime paytime datepaid paymentdate 买家付款时间 订单付款时间 \
    支付完成时间 付款确认时间 支付时间 付款时间 付款日期 支付日期 成交时间";
const TIME: &str = "\
    orderdate ordertime orderdatetime orderedat orderpurchasetimestamp purchasedate purchasetime purchasedat \
    invoicedate transactiontimestamp transactiondate transactiontime saledate salesdate createdat createdtime \
    createtime datecreated createddate creationdate eventtime eventtimestamp occurredat timestamp datetime ts time \
    date day 下单时间 订单创建时间 订单提交时间 订单生成时间 提交时间 创建时间 \
    交易时间 交易日期 订单时间 订单日期 下单日期 销售日期 销售时间 消费时间 \
    消费日期 购买时间 购买日期 成交日期 发生时间 日期 时间";
const CANCELLED_TIME: &str = "cancelledat canceledat cancelledtime cancelledon 取消时间 订单取消时间";
const ITEM: &str = "\
    sku lineitemsku skuid skucode productsku variantsku stockcode itemid itemcode itemno productid productcode \
    productno upc ean barcode asin 商家编码 sku编码 规格编码 外部系统编号 商品编码 \
    商品编码自定义 商品编码平台 商品编号 商品id 商品代码 货号 款号 条码 商品条码 \
    item product";
const ITEM_NAME: &str = "\
    lineitemname productname itemname producttitle itemtitle title description itemdescription productdescription \
    选购商品 商品名称 宝贝标题 商品标题 宝贝名称 标题 品名 货品名称 商品名 商品 \
    宝贝";
const QUANTITY: &str = "\
    quantity qty lineitemquantity quantitypurchased unitssold units itemcount pieces 商品数量 购买数量 \
    订购数量 宝贝总数量 宝贝数量 数量 件数 销售数量 商品件数 销量";
const UNIT_PRICE: &str = "\
    unitprice priceeach itemprice lineitemprice price 商品单价 成交单价 单价 京东价 销售价 \
    商品价格 价格 商品实际价格单件 零售价";
const LINE_AMOUNT: &str = "\
    lineamount linetotal linevalue salesvalue itemtotal extendedprice extendedamount lineprice 商品实付金额 \
    商品实际价格总共 商品金额合计 实付小计 小计 商品小计 行金额 明细金额 商品总价 \
    商品金额";
const ORDER_AMOUNT: &str = "\
    ordertotal orderamount ordervalue orderprice totalpaid amountpaid paidamount grandtotal totalprice \
    买家实际支付金额 订单实付金额 订单实收金额 实付金额 实际支付金额 实付款 \
    支付金额 付款金额 订单应付金额 应付金额 结算金额 订单金额 订单总额 订单总价 \
    订单总金额 总金额 交易金额 买家应付货款 总价 合计金额";
const AMOUNT: &str = "\
    amount total totalamount netamount value revenue sales spend spent dollarvalue saleamount salesamount money \
    payment cost 金额 销售额 销售金额 消费金额 成交金额 实收金额 实收 收入 消费额";
const REFUND_AMOUNT: &str = "\
    refundedamount refundamount refundtotal refunded refund 订单退款金额 已退款金额 退款金额 \
    商品已退款金额 实际退款金额 退货金额 退款";
const STATUS: &str = "\
    financialstatus orderstatus paymentstatus status state 订单状态 交易状态 状态 支付状态 \
    单据状态";
const REFUND_STATUS: &str = "\
    refundstatus returnstatus 售后状态 退款状态 售后退款状态 商品退款状态 退货状态";
const CURRENCY: &str = "currency currencycode currencyiso 币种 货币 币别";
const CHANNEL: &str = "\
    channel saleschannel orderchannel 渠道 销售渠道 订单来源 下单渠道 订单渠道 来源渠道 \
    流量来源";
const STORE: &str = "\
    store storeid storename shop shopname shopid branch location 门店 门店名称 门店编号 店铺 \
    店铺名称 归属店铺 店铺编号 店名 分店 销售门店 消费门店 下单门店 所属门店";
const STAFF: &str = "\
    salesperson salespersonname salespersonid salesrep salesrepresentative salesassociate salesclerk staff staffname \
    staffid employee employeename employeeid cashier cashierid cashiername servedby 导购 导购员 导购姓名 \
    导购名称 导购编号 专属导购 所属导购 营业员 营业员姓名 营业员编号 店员 店员姓名 店员编号 \
    销售员 销售人员 业务员 服务员 员工 员工姓名 员工编号 收银员";
const CATEGORY: &str = "\
    category categoryname productcategory productcategoryname itemcategory producttype department departmentname \
    商品分类 商品类目 商品类别 类目 类目名称 类别 分类 品类 一级类目 一级分类 商品品类 \
    产品分类 产品类别 宝贝分类 宝贝类目";
const CAMPAIGN: &str = "campaign utmcampaign campaignid campaignname 活动 活动名称 营销活动";
const EVENT: &str = "\
    event eventtype eventname action behaviortype behavior 事件 事件名称 事件类型 行为";
const CONSENT: &str = "\
    acceptsmarketing marketingconsent marketingoptin optin optedin 接受营销 是否接受营销 营销授权 同意营销 \
    营销推送授权 接收营销信息";
const EMAIL_CONSENT: &str = "\
    acceptsemailmarketing emailmarketingconsent emailoptin emailconsent emailsubscribed newsletter \
    邮件授权 邮件营销授权 接受邮件营销 邮件订阅 订阅邮件";
const SMS_CONSENT: &str = "\
    acceptssmsmarketing smsmarketingconsent smsoptin smsconsent smssubscribed 短信授权 短信营销授权 \
    接受短信营销 短信订阅 订阅短信 是否接收短信";

#[cfg(test)]
mod tests {
    use super::*;
    use rustc_hash::FxHashMap;

    #[test]
    fn names_lose_what_varies() {
        for (name, normal) in [
            ("买家实际支付金额（元）", "买家实际支付金额"),
            ("Customer ID", "customerid"),
            ("customer_id", "customerid"),
            ("InvoiceNo", "invoiceno"),
            ("商品编码(自定义)", "商品编码自定义"),
            ("Order #", "order"),
            (" Paid at ", "paidat"),
            ("金额（单位：元）", "金额"),
            ("Total (GBP)", "total"),
            ("ＳＫＵ", "sku"),
        ] {
            assert_eq!(normalise(name), normal);
        }
        assert!(is_chinese("金额") && !is_chinese("amount"));
    }

    #[test]
    fn every_name_is_normal_and_means_one_thing() {
        let mut seen = FxHashMap::default();
        for field in Field::ALL {
            for name in names_of(field) {
                assert_eq!(normalise(name), name);
                assert_eq!(seen.insert(name, field), None, "{name}");
            }
        }
    }
}
