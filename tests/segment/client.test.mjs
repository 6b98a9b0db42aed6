// Segment's own client, unchanged, sends to the real binary; what it sent is asked for in SQL.
// usage: PERENNIAL_BIN=…/perennial node client.test.mjs
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Analytics } from "@segment/analytics-node";

const binary = process.env.PERENNIAL_BIN;
assert(binary, "PERENNIAL_BIN must name the binary");
const folder = mkdtempSync(join(tmpdir(), "perennial-segment-"));
const data = join(folder, "brand");
const perennial = (...words) => execFileSync(binary, words, { encoding: "utf8" });
const query = (sql) =>
  perennial("query", sql, "--data", data, "--format", "csv", "--as-of", "2100-01-01").trim().split("\n").slice(1);

const server = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
  stdio: ["ignore", "pipe", "inherit"],
});

async function address() {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /listening on (http:\/\/\S+)/.exec(line);
    if (found) return found[1];
  }
  throw new Error("the server ended");
}

function customer(analytics, number) {
  const userId = `member-${number}`;
  analytics.page({ anonymousId: `device-${number}`, name: "Home", properties: { path: "/" } });
  analytics.identify({
    userId,
    anonymousId: `device-${number}`,
    traits: { email: `c${number}@shop.example`, name: "张三", phone: "138 0013 8" + String(100 + number) },
  });
  analytics.track({ userId, event: "Product Viewed", properties: { product_id: "P1", price: 19.9 } });
  analytics.screen({ userId, name: "Basket" });
  analytics.group({ userId, groupId: "club", traits: { name: "Tea club" } });
  analytics.alias({ userId, previousId: `old-device-${number}` });
  analytics.track({
    userId,
    event: "Order Completed",
    timestamp: new Date(Date.now() - 3_600_000),
    properties: {
      order_id: `order-${number}`,
      total: 39.8,
      currency: "CNY",
      products: [
        { product_id: "P1", name: "龙井", price: 9.9, quantity: 2, category: "tea" },
        { sku: "P2", price: 20, category: "cups" },
      ],
    },
    context: { campaign: { name: "spring" } },
  });
}

try {
  const host = await address();
  const writeKey = perennial("key", "create", "--data", data, "--name", "analytics-node").trim();
  const analytics = new Analytics({ writeKey, host, flushAt: 20 });
  const problems = [];
  analytics.on("error", (problem) => problems.push(problem));
  const customers = 30;
  for (let number = 0; number < customers; number += 1) customer(analytics, number);
  analytics.track({
    userId: "member-7",
    event: "Order Refunded",
    properties: { order_id: "order-7", total: 9.9 },
  });
  await analytics.closeAndFlush({ timeout: 30_000 });
  assert.deepEqual(problems, []);

  const count = (name) => query(`select count(*) from events where name = '${name}'`);
  for (const name of ["Page", "Identify", "Product Viewed", "Screen", "Group", "Alias", "Order Completed"]) {
    assert.deepEqual(count(name), [`${customers}`], name);
  }
  assert.deepEqual(count("Order Line"), [`${2 * customers}`]);
  // What a device did before is its owner's: nobody is left over.
  assert.deepEqual(query("select count(*), sum(orders), cast(round(sum(revenue) * 100) as bigint) from customers"), [
    `${customers},${customers},${customers * 3980 - 990}`,
  ]);
  assert.deepEqual(query("select distinct item from events where name = 'Order Line' order by item"), ["P1", "P2"]);
  assert.deepEqual(query("select distinct campaign from events where campaign is not null"), ["spring"]);
  const ago = "extract(epoch from (received - time))";
  assert.deepEqual(
    query(`select distinct ${ago} between 3590 and 3690 from events where name = 'Order Completed'`),
    ["true"],
  );

  // A key that is revoked: the client is told, and nothing more lands.
  perennial("key", "revoke", "1", "--data", data);
  const late = new Analytics({ writeKey, host, maxRetries: 0 });
  const refused = new Promise((resolve) => late.on("error", resolve));
  late.track({ userId: "member-1", event: "Too Late" });
  await late.closeAndFlush({ timeout: 30_000 });
  assert.match(String((await refused).reason), /401|Unauthorized/);
  assert.deepEqual(count("Too Late"), ["0"]);
  assert.match(perennial("verify", "--data", data), /nothing wrong/);
  console.log("ok: @segment/analytics-node, unchanged");
} finally {
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
