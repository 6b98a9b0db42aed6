#!/usr/bin/env python3
"""Seeds of the fuzz targets in fuzz/corpus: the fixtures of the import, and runs that perennial wrote.

    fuzz/seeds.py PERENNIAL      the path of a built binary
"""
import gzip
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

FUZZ = pathlib.Path(__file__).resolve().parent
FIXTURES = FUZZ.parent / "stages/listen/tests/fixtures"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(rows):
    """The least that is a workbook: one sheet, texts inline."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    relation = '<Relationship Id="r1" Type="{}/{}" Target="{}"/>'
    relations = '<Relationships xmlns="{}/relationships">{}</Relationships>'
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    return zipped(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": relations.format(PACKAGE, relation.format(RELATIONS, "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations.format(
                PACKAGE, relation.format(RELATIONS, "worksheet", "worksheets/sheet1.xml")
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>',
        }
    )


def runs(perennial):
    """Runs of the shard that the target reads, with each kind of column."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([perennial, "generate", "--customers", "300", "--events", "900", "--out", "a.csv"], cwd=folder, check=True)
        properties = ["--property", "goods=category", "--property", "pieces=quantity:integer"]
        properties += ["--property", "price=unit_price:number"]
        for data, options in {"plain": [], "typed": properties}.items():
            subprocess.run([perennial, "import", "a.csv", "--quiet", "--currency", "EUR", "--data", data, *options], cwd=folder, check=True)
        return [path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*/runs/s000-*"))]


def messages():
    """Bodies of the tracking API: each call, orders, and what is wrong in ways that trackers know."""
    track = {"messageId": "m1", "type": "track", "userId": "u1", "timestamp": "2024-03-01T11:59:50.000Z"}
    product = {"product_id": "p1", "sku": "S", "price": 9.5, "quantity": 2, "name": "Shirt", "category": "Clothes"}
    order = {"order_id": "o1", "total": 19, "revenue": "19.00", "currency": "CNY", "products": [product, product]}
    calls = [
        {**track, "event": name, "properties": properties}
        for name, properties in [("Order Completed", order), ("Order Refunded", order), ("Product Viewed", product)]
    ]
    calls += [
        {**track, "type": "identify", "traits": {"email": "a@b.example", "phone": "13800138000"}},
        {**track, "type": "alias", "previousId": "a1"},
        {**track, "type": "group", "groupId": "g", "traits": {}},
        {**track, "type": "page", "name": "Home", "context": {"externalIds": [{"id": "x", "type": "unionid"}]}},
    ]
    bodies = [{"batch": calls, "sentAt": "2024-03-01T12:00:00Z"}, *calls]
    return [json.dumps(body).encode() for body in bodies] + [b'{"batch":[{"type":"track"},{"event":"\\ud800"}]}']


def keep(target, seeds):
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number:03}").write_bytes(seed)
    print(f"{len(seeds)} seeds in {folder}")


def main():
    written = runs(str(pathlib.Path(sys.argv[1]).resolve()))
    texts = [path.read_bytes() for path in sorted(FIXTURES.iterdir())]
    rows = ["order_id,customer_id,order_time,amount", "1,ann,2024-01-05,9.50", "2,bob,2024-01-06,1.25"]
    csv = "\n".join(rows).encode()
    lines = b'{"order_id":1,"buyer":{"phone":"138"},"amount":9.5}\n{"order_id":2,"tags":["a"],"amount":null}\n'
    files = [*texts, lines, csv.decode().encode("utf-16"), gzip.compress(csv, mtime=0)]
    files += [zipped({"a.csv": csv, "b/c.jsonl": lines}), workbook([row.split(",") for row in rows]), *written]
    # The first byte says whether the first line is a heading: found out, yes, no.
    keep("read_file", [bytes([choice]) + content for content in files for choice in range(3)])
    # The first byte chooses a column, and whether columns are mapped.
    keep("recognise_file", [bytes([choice]) + content for content in files for choice in (1, 130)])
    keep("run_reader", written)
    # The first byte says which call it is; above 127, that it comes from an archive.
    keep("read_messages", [bytes([choice]) + body for body in messages() for choice in (0, 1, 2, 6, 133)])


if __name__ == "__main__":
    main()
