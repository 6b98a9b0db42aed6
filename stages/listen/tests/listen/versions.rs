//! Exports whose columns and rows are not what they seem: paid beside listed prices, refunds of a line
//! or of the order, sub-orders closed one by one, several versions of one order in one import.

use crate::world::{Tally, World, plan, rejected};

const P: &str = "\
订单编号,手机号,付款时间,商品名称,数量,商品金额,实付金额\n\
1,13800138031,2024-01-05 08:03:00,A,1,100,90\n\
1,13800138031,2024-01-05 08:03:00,B,1,50,45\n\
2,13800138032,2024-01-06 08:03:00,A,1,100,90\n\
2,13800138032,2024-01-06 08:03:00,C,1,20,18\n\
3,13800138033,2024-01-06 08:03:00,C,1,20,18\n";

const B: &str = "\
Order ID,Date,Email,SKU,Quantity,Total\n\
1,2024-01-05,ann@w.example,A,1,100\n\
1,2024-01-05,ann@w.example,B,1,100\n\
2,2024-01-06,bob@w.example,A,1,40\n\
3,2024-01-07,cat@w.example,A,1,30\n";

const Q1: &str = "\
order_id,email,date,sku,quantity,price,refund_amount\n\
1,ann@w.example,2024-01-05,A,1,60,100\n\
1,ann@w.example,2024-01-05,B,1,40,100\n\
2,bob@w.example,2024-01-06,A,1,60,0\n";

const Y: &str = "\
订单号,订单状态,订单创建时间,买家付款时间,商品名称,规格编码,商品数量,商品单价(元),订单实付金额(元),买家手机号,收货人,订单来源,商品退款状态,商品已退款金额(元)\n\
E1,交易完成,2024-01-05 08:03:00,2024-01-05 08:03:20,棉麻衬衫,LS-W,1,60.00,150.00,13800138041,柳某,微信,退款成功,30.00\n\
E1,交易完成,2024-01-05 08:03:00,2024-01-05 08:03:20,草编帽,SH-1,1,90.00,150.00,13800138041,柳某,微信,退款成功,30.00\n\
E2,交易完成,2024-02-05 08:03:00,2024-02-05 08:03:20,草编帽,SH-1,1,90.00,90.00,13800138041,柳某,微信,,\n";

const Q5: &str = "\
order_id,email,date,sku,quantity,line_total,refund_amount\n\
1,ann@w.example,2024-01-05,A,1,60,10\n\
2,bob@w.example,2024-01-06,A,1,60,0\n\
1,ann@w.example,2024-01-05,B,1,40,25\n";

const D1: &str = "\
主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,收件人手机号,订单提交时间,支付完成时间,订单状态,取消原因,售后状态\n\
6920001,6920001,棉麻衬衫,1,3501,79.00,79.00,13800138031,2024-01-05 08:03:00,2024-01-05 08:03:20,已完成,,-\n\
6920009,6920009,香皂,1,3503,15.00,15.00,13800138032,2024-01-05 09:00:00,2024-01-05 09:00:20,已完成,,-\n\
6920001,6920002,草编帽,1,3502,30.00,30.00,13800138031,2024-01-05 08:03:00,2024-01-05 08:03:20,已关闭,拍错,退款成功\n";

const D2: &str = "\
主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,收件人手机号,订单提交时间,支付完成时间,订单状态,取消原因,售后状态\n\
6920001,6920001,棉麻衬衫,1,3501,79.00,79.00,13800138031,2024-01-05 08:03:00,2024-01-05 08:03:20,已发货,,-\n\
6920001,6920002,草编帽,1,3502,30.00,30.00,13800138031,2024-01-05 08:03:00,2024-01-05 08:03:20,待发货,,-\n";

const D3: &str = "\
主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,收件人手机号,订单提交时间,支付完成时间,订单状态,取消原因,售后状态\n\
6920001,6920001,棉麻衬衫,1,3501,79.00,79.00,13800138031,2024-01-05 08:03:00,2024-01-05 08:03:20,已完成,,-\n\
6920001,6920002,草编帽,1,3502,30.00,30.00,13800138031,2024-01-05 08:03:00,2024-01-05 08:03:20,已关闭,不想要,退款成功\n";

const S1B: &str = "\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n\
#1,ann@w.example,partially_refunded,2024-01-05 08:03:00 +0000,USD,100,100,2024-01-05 08:02:00 +0000,1,Shirt,100,S,,20.00,9001\n\
#2,bob@w.example,pending,,USD,50,50,2024-01-06 08:02:00 +0000,1,Hat,50,H,,0.00,9002\n\
#3,cat@w.example,paid,2024-01-07 08:03:00 +0000,USD,30,30,2024-01-07 08:02:00 +0000,1,Hat,30,H,,0.00,9003\n";

const S2: &str = "\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n\
#1,ann@w.example,partially_refunded,2024-01-05 08:03:00 +0000,USD,100,100,2024-01-05 08:02:00 +0000,1,Shirt,100,S,,40.00,9001\n\
#2,bob@w.example,paid,2024-01-06 09:03:00 +0000,USD,50,50,2024-01-06 08:02:00 +0000,1,Hat,50,H,,0.00,9002\n\
#3,cat@w.example,refunded,2024-01-07 08:03:00 +0000,USD,30,30,2024-01-07 08:02:00 +0000,1,Hat,30,H,2024-01-08 08:03:00 +0000,30.00,9003\n";

const E1: &str = "\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n\
#1,ann@w.example,paid,2024-01-05 08:03:00 +0000,USD,100,100,2024-01-05 08:02:00 +0000,1,Shirt,100,S,,0.00,9001\n";

const E2: &str = "\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n\
#1,ann@w.example,paid,2024-01-05 08:03:00 +0000,USD,150,150,2024-01-05 08:02:00 +0000,1,Shirt,100,S,,0.00,9001\n";

const T1: &str = "\
订单编号,买家会员名,买家支付宝账号,买家应付货款,总金额,买家实际支付金额,订单状态,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,店铺名称,退款金额\n\
=\"1001\",小柳,,128.00,128.00,128.00,交易成功,13800138011,2024-01-05 08:03:00,2024-01-05 08:03:30,衬衫,2,店,0.00\n";

const T2: &str = "\
子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间\n\
=\"10011\",=\"1001\",衬衫,64.00,1,LS,,,,交易成功,LS,1,64.00,64.00,没有申请退款,0.00,2024-01-05 08:03:00,2024-01-05 08:03:30\n\
=\"10012\",=\"1001\",衬衫B,64.00,1,LT,,,,交易成功,LT,1,64.00,64.00,没有申请退款,0.00,2024-01-05 08:03:00,2024-01-05 08:03:30\n";

async fn import(world: &World, files: &[(&str, &str)]) -> Vec<String> {
    let paths = files.iter().map(|(name, content)| {
        let path = world.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let paths: Vec<String> = paths.collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    rejected(&world.import_plan(plan(&paths, &[]).unwrap(), 1_000_000).await.unwrap())
}

async fn tally(files: &[(&str, &str)]) -> Tally {
    let world = World::new().await;
    assert_eq!(import(&world, files).await, Vec::<String>::new());
    world.tally().await
}

#[tokio::test]
async fn an_item_report_leaves_other_shops_alone() {
    let world = World::new().await;
    world.import(&["douyin_orders.csv", "taobao_items.csv", "taobao_orders.csv"]).await;
    let (douyin, taobao) = (World::new().await, World::new().await);
    douyin.import(&["douyin_orders.csv"]).await;
    taobao.import(&["taobao_orders.csv", "taobao_items.csv"]).await;
    let (all, one, other) = (world.tally().await, douyin.tally().await, taobao.tally().await);
    assert_eq!((all.orders, all.revenue), (one.orders + other.orders, one.revenue + other.revenue));
    assert_eq!((all.lines, all.refunds), (one.lines + other.lines, one.refunds + other.refunds));
}

#[tokio::test]
async fn what_was_paid_for_a_line_counts_and_not_its_list_price() {
    let tally = tally(&[("p.csv", P)]).await;
    assert_eq!((tally.orders, tally.revenue), (3, 26_100));
}

#[tokio::test]
async fn a_total_that_is_repeated_is_the_orders() {
    let tally = tally(&[("b.csv", B)]).await;
    assert_eq!((tally.orders, tally.revenue), (3, 17_000));
}

#[tokio::test]
async fn refunds_of_lines_and_of_orders() {
    for (name, content, wanted) in [("q1", Q1, 10_000), ("y", Y, 6_000), ("q5", Q5, 3_500)] {
        assert_eq!(tally(&[("a.csv", content)]).await.refunds, wanted, "{name}");
    }
}

#[tokio::test]
async fn one_closed_sub_order_does_not_close_the_order() {
    let backwards: String = {
        let mut lines: Vec<&str> = D1.lines().collect();
        lines[1..].reverse();
        lines.join("\n")
    };
    for content in [D1, &backwards] {
        let tally = tally(&[("d1.csv", content)]).await;
        assert_eq!((tally.orders, tally.revenue - tally.refunds, tally.cancellations), (2, 9_400, 0));
    }
}

#[tokio::test]
async fn a_sub_order_that_is_closed_later_is_refunded() {
    let together = tally(&[("d2.csv", D2), ("d3.csv", D3)]).await;
    let world = World::new().await;
    import(&world, &[("d2.csv", D2)]).await;
    assert_eq!(world.tally().await.revenue, 10_900);
    import(&world, &[("d3.csv", D3)]).await;
    for tally in [together, world.tally().await, tally(&[("d3.csv", D3)]).await] {
        assert_eq!((tally.orders, tally.revenue - tally.refunds, tally.cancellations), (1, 7_900, 0));
    }
}

#[tokio::test]
async fn of_two_files_at_once_the_later_counts() {
    for names in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let contents = |one: &'static str, other: &'static str| {
            names.map(|name| (name, if name == "a.csv" { one } else { other }))
        };
        assert_eq!(tally(&contents(S1B, S2)).await.refunds, 4_000);
        assert_eq!(tally(&contents(E1, E2)).await.revenue, 15_000);
    }
    // Dates come before names.
    assert_eq!(tally(&[("z.csv", S1B), ("a.csv", S2)]).await.refunds, 4_000);
}

#[tokio::test]
async fn taobaos_newer_item_report_is_one() {
    let tally = tally(&[("t2.csv", T2), ("t1.csv", T1)]).await;
    assert_eq!((tally.orders, tally.revenue, tally.lines), (1, 12_800, 2));
}

#[tokio::test]
async fn different_amounts_of_one_order_are_added() {
    let rows = "order_id,email,date,sku,order_total\n1,a@w.example,2024-01-05,A,10\n1,a@w.example,2024-01-05,B,10\n\
        2,b@w.example,2024-01-05,A,30\n2,b@w.example,2024-01-05,B,5\n";
    assert_eq!(tally(&[("a.csv", rows)]).await.revenue, 4_500);
}

#[tokio::test]
async fn items_go_to_the_report_that_has_their_orders() {
    let (report, items) =
        ("order_id,email,date,order_total\n7,a@w.example,2024-01-05,10\n", "order_id,sku,quantity\n7,A,2\n");
    let files = [("a.csv", items), ("b.csv", S1B), ("c.csv", report)];
    let tally = tally(&files).await;
    assert_eq!((tally.orders, tally.lines, tally.revenue), (3, 3, 10_000 + 3_000 + 1_000));
}
