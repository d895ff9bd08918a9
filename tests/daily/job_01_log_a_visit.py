import struct
import zlib

from tests.daily.counting import PHONE, job

SAID = "谈绿电价格与二期用地，对方下月来宁考察。"  # twenty characters


@job(1, on=PHONE)
def an_officer_logs_a_visit_with_a_photo(people):
    hand = people("officer")
    hand.open("/m/")

    with hand.at_work():
        hand.click(".m-log")
        firm = hand.page.locator("#firm-chips .m-chip").nth(1)
        name = firm.locator("span").get_attribute("title")
        hand.click("#firm-chips .m-chip:nth-child(2)")
        hand.attach("#id_photos", {"name": "IMG_0001.png", "mimeType": "image/png",
                                   "buffer": picture(1200, 900)})  # fmt: skip
        hand.page.wait_for_selector(".m-photo img")
        hand.type(SAID, into="#id_content")
        hand.click(".m-chip:has([name=outcome][value=intention])")
        hand.click("#visit-form [type=submit]")
        hand.page.wait_for_selector(".messagelist .success")

    assert name in hand.page.locator(".messagelist").inner_text()
    assert SAID in hand.page.locator(".m-main").inner_text()


def picture(width: int, height: int) -> bytes:
    """A PNG of stripes, as large as one wants."""
    rows = b"".join(b"\0" + bytes([place % 256, 90, 140]) * width for place in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
