//! What a column may mean.

use perennial_model::ConsentChannel;

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// The source's id of the order.
    Order,
    /// The source's id of one line of an order.
    SubOrder,
    /// The source's id of the row as a message.
    Message,
    /// The brand's own customer or member number.
    Member,
    /// Phone of the customer.
    Phone,
    /// E-mail of the customer.
    Email,
    /// The platform's id of the buyer.
    Platform,
    /// Name of the buyer; no key, and not kept.
    BuyerName,
    /// When it was paid; preferred over [`Field::Time`].
    PaidTime,
    /// When it happened or was ordered.
    Time,
    /// When the order was cancelled; empty for an order that was not.
    CancelledTime,
    /// Stock keeping unit or another id of the item.
    Item,
    /// Name of the item.
    ItemName,
    /// What kind of goods the item is.
    Category,
    /// How many.
    Quantity,
    /// Price of one.
    UnitPrice,
    /// Money of this line.
    LineAmount,
    /// Money of the whole order.
    OrderAmount,
    /// Money, of the line or the order as the sample shows; resolved before it is used.
    Amount,
    /// Money given back.
    RefundAmount,
    /// Status of the order.
    Status,
    /// Status of a refund.
    RefundStatus,
    /// Currency of the row's money.
    Currency,
    /// Where: web, app, store …
    Channel,
    /// Which shop or branch.
    Store,
    /// Who sold it: salesperson, shop assistant.
    Staff,
    /// The campaign the source attributes it to.
    Campaign,
    /// What happened, in a log of events.
    Event,
    /// Whether the customer agrees to messages that sell, by any way.
    Consent,
    /// The same by e-mail.
    EmailConsent,
    /// The same by text message.
    SmsConsent,
}

impl Field {
    /// How many there are.
    pub const COUNT: usize = 31;

    /// All fields, in the order they are shown.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Order,
        Self::SubOrder,
        Self::Message,
        Self::Member,
        Self::Phone,
        Self::Email,
        Self::Platform,
        Self::BuyerName,
        Self::PaidTime,
        Self::Time,
        Self::CancelledTime,
        Self::Item,
        Self::ItemName,
        Self::Category,
        Self::Quantity,
        Self::UnitPrice,
        Self::LineAmount,
        Self::OrderAmount,
        Self::Amount,
        Self::RefundAmount,
        Self::Status,
        Self::RefundStatus,
        Self::Currency,
        Self::Channel,
        Self::Store,
        Self::Staff,
        Self::Campaign,
        Self::Event,
        Self::Consent,
        Self::EmailConsent,
        Self::SmsConsent,
    ];

    /// Fields that are kept as declared properties of text, by which figures are cut.
    pub const PROPERTIES: [Self; 3] = [Self::Store, Self::Staff, Self::Category];

    /// Consent to messages that sell, with the way it is for.
    pub const CONSENTS: [(Self, ConsentChannel); 3] = [
        (Self::Consent, ConsentChannel::Any),
        (Self::EmailConsent, ConsentChannel::Email),
        (Self::SmsConsent, ConsentChannel::Sms),
    ];

    /// The keys of a customer, strongest first.
    pub const KEYS: [Self; 4] = [Self::Member, Self::Phone, Self::Email, Self::Platform];

    /// The word of `--map`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.words().0
    }

    /// For people who read Chinese.
    #[must_use]
    pub const fn word_zh(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Order => ("order", "订单号"),
            Self::SubOrder => ("suborder", "子订单号"),
            Self::Message => ("message", "消息编号"),
            Self::Member => ("member", "会员号"),
            Self::Phone => ("phone", "手机号"),
            Self::Email => ("email", "邮箱"),
            Self::Platform => ("platform", "平台买家"),
            Self::BuyerName => ("buyer_name", "买家姓名"),
            Self::PaidTime => ("paid_time", "付款时间"),
            Self::Time => ("time", "时间"),
            Self::CancelledTime => ("cancelled_time", "取消时间"),
            Self::Item => ("item", "商品编码"),
            Self::ItemName => ("item_name", "商品名称"),
            Self::Category => ("category", "商品分类"),
            Self::Quantity => ("quantity", "数量"),
            Self::UnitPrice => ("unit_price", "单价"),
            Self::LineAmount => ("line_amount", "商品金额"),
            Self::OrderAmount => ("order_amount", "订单金额"),
            Self::Amount => ("amount", "金额"),
            Self::RefundAmount => ("refund_amount", "退款金额"),
            Self::Status => ("status", "订单状态"),
            Self::RefundStatus => ("refund_status", "退款状态"),
            Self::Currency => ("currency", "币种"),
            Self::Channel => ("channel", "渠道"),
            Self::Store => ("store", "门店"),
            Self::Staff => ("staff", "导购"),
            Self::Campaign => ("campaign", "活动"),
            Self::Event => ("event", "事件"),
            Self::Consent => ("consent", "营销授权"),
            Self::EmailConsent => ("email_consent", "邮件授权"),
            Self::SmsConsent => ("sms_consent", "短信授权"),
        }
    }

    /// The field of a word of `--map`; `customer`, `price` and `sku` are understood too.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        match word.as_str() {
            "customer" | "customer_id" => Some(Self::Member),
            "price" => Some(Self::UnitPrice),
            "sku" => Some(Self::Item),
            "order_id" => Some(Self::Order),
            "date" => Some(Self::Time),
            "salesperson" => Some(Self::Staff),
            _ => Self::ALL.into_iter().find(|field| field.word() == word || field.word_zh() == word),
        }
    }
}

/// Which column holds which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns([Option<u16>; Field::COUNT]);

impl Default for Columns {
    fn default() -> Self {
        Self([None; Field::COUNT])
    }
}

impl Columns {
    /// The column of a field, counted from 0.
    #[must_use]
    #[inline]
    pub fn get(&self, field: Field) -> Option<usize> {
        self.0[field as usize].map(usize::from)
    }

    /// Whether a field has a column.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    /// Whether any of them has a column.
    #[must_use]
    pub fn has_any(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.has(*field))
    }

    /// Whether rows are customers and not what they did: they say what these agree to, and neither money
    /// nor an order nor an event.
    #[must_use]
    pub fn is_list(&self) -> bool {
        let did = [Field::LineAmount, Field::OrderAmount, Field::Amount, Field::UnitPrice, Field::Event, Field::Order];
        Field::CONSENTS.iter().any(|(field, _)| self.has(*field)) && !self.has_any(&did)
    }

    /// Gives a field a column, or takes it away.
    pub fn set(&mut self, field: Field, column: Option<usize>) {
        self.0[field as usize] = column.and_then(|column| u16::try_from(column).ok());
    }

    /// The field a column holds.
    #[must_use]
    pub fn field_of(&self, column: usize) -> Option<Field> {
        Field::ALL.into_iter().find(|field| self.get(*field) == Some(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_one_place_and_one_word() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, index);
            assert_eq!(Field::parse(field.word()), Some(field));
            assert_eq!(Field::parse(field.word_zh()), Some(field));
        }
        assert_eq!(Field::parse("Customer"), Some(Field::Member));
        assert_eq!(Field::parse("shoe size"), None);
    }
}
