//! What the file says in words: headings, statuses, channels, products.

/// Language of headings and products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese, in the manner of the domestic shop systems.
    Chinese,
    /// English.
    #[default]
    English,
}

/// Nouns of 20 families, each in ten lines: together the 200 categories.
const NOUNS: [(&str, &str); 20] = [
    ("Tea", "茶叶"),
    ("Coffee", "咖啡"),
    ("Mug", "马克杯"),
    ("Teapot", "茶壶"),
    ("Candle", "蜡烛"),
    ("Soap", "香皂"),
    ("Towel", "毛巾"),
    ("Blanket", "毛毯"),
    ("Cushion", "靠垫"),
    ("Lamp", "台灯"),
    ("Notebook", "笔记本"),
    ("Pen", "钢笔"),
    ("Umbrella", "雨伞"),
    ("Scarf", "围巾"),
    ("Socks", "袜子"),
    ("Honey", "蜂蜜"),
    ("Biscuits", "饼干"),
    ("Chocolate", "巧克力"),
    ("Plant", "绿植"),
    ("Vase", "花瓶"),
];

const LINES: [(&str, &str); 10] = [
    ("classic", "经典"),
    ("travel", "旅行"),
    ("gift", "礼盒"),
    ("family", "家庭"),
    ("mini", "迷你"),
    ("organic", "有机"),
    ("festival", "节日"),
    ("winter", "冬季"),
    ("summer", "夏季"),
    ("studio", "设计师"),
];

/// Every word of one language that occurs in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) order_headings: &'static str,
    pub(crate) event_headings: &'static str,
    pub(crate) completed: &'static str,
    pub(crate) cancelled: &'static str,
    /// In the order of the model's weights.
    pub(crate) channels: [&'static str; 4],
}

const ENGLISH: Words = Words {
    order_headings: "order_id,line_id,customer_id,email,order_time,sku,product_name,category,quantity,unit_price,line_amount,status,channel,refund_amount",
    event_headings: "event_id,event_type,customer_id,email,event_time,order_id,sku,product_name,category,quantity,unit_price,line_amount,status,channel,refund_amount",
    completed: "completed",
    cancelled: "cancelled",
    channels: ["web", "app", "store", "marketplace"],
};

const CHINESE: Words = Words {
    order_headings: "订单编号,子订单编号,会员编号,邮箱,下单时间,商品编码,商品名称,商品类目,数量,单价,商品实付金额,订单状态,渠道,退款金额",
    event_headings: "事件编号,事件类型,会员编号,邮箱,发生时间,订单编号,商品编码,商品名称,商品类目,数量,单价,商品实付金额,订单状态,渠道,退款金额",
    completed: "交易成功",
    cancelled: "交易关闭",
    channels: ["官网", "小程序", "门店", "平台旗舰店"],
};

impl Words {
    pub(crate) fn of(language: Language) -> Self {
        match language {
            Language::Chinese => CHINESE,
            Language::English => ENGLISH,
        }
    }
}

/// Name of a category, `0..200`.
pub(crate) fn category(language: Language, category: usize) -> String {
    let (noun, line) = (NOUNS[category % NOUNS.len()], LINES[category / NOUNS.len() % LINES.len()]);
    match language {
        Language::English => format!("{} {}", noun.0, line.0),
        Language::Chinese => format!("{}{}", line.1, noun.1),
    }
}

/// Name of the `number`th product of a category, counted from 0; the name counts from 1.
pub(crate) fn product(language: Language, category_name: &str, number: usize) -> String {
    let number = number + 1;
    match language {
        Language::English => format!("{category_name} no. {number:02}"),
        Language::Chinese => format!("{category_name} {number:02}号"),
    }
}
