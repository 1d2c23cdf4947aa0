"""A second encoder, written apart from ours straight from the EMVCo and NAPAS tables, to compare with.

Bit-by-bit CRC instead of a library, lists instead of strings; keep it free of imports from merchants.
"""


def crc_by_bits(data: bytes) -> str:
    """CRC-16 with polynomial x^16 + x^12 + x^5 + 1, start FFFF, nothing reflected."""
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            feedback = (register >> 15) ^ (byte >> bit & 1)
            register = register << 1 & 0xFFFF
            if feedback:
                register ^= 0x1021
    return format(register, "04X")


def tlv(*pairs):
    """tlv(("00", "01"), …) → text; a pair's value may itself be a list of pairs."""
    out = []
    for tag, value in pairs:
        text = tlv(*value) if isinstance(value, list) else value
        out += [tag, str(len(text)).rjust(2, "0"), text]
    return "".join(out)


def sealed(text: str) -> str:
    """Append the check sum field to finished fields."""
    return text + "6304" + crc_by_bits((text + "6304").encode())


def code(*pairs) -> str:
    return sealed(tlv(*pairs))


def vietqr(bin, account, amount=None, memo=None, card=False, dynamic=None) -> str:
    one_time = dynamic if dynamic is not None else (amount is not None or bool(memo))
    service = "QRIBFTTC" if card else "QRIBFTTA"
    pairs = [
        ("00", "01"),
        ("01", "12" if one_time else "11"),
        ("38", [("00", "A000000727"), ("01", [("00", bin), ("01", account)]), ("02", service)]),
        ("53", "704"),
    ]
    if amount is not None:
        pairs.append(("54", str(amount)))
    pairs.append(("58", "VN"))
    if memo:
        pairs.append(("62", [("08", memo)]))
    return code(*pairs)


def replaced(**values) -> str:
    """A sound code of account 3601205123456 at 970405 with root fields replaced: t54="0"; None drops one.

    Values may be lists of pairs; new tags go before 63 in the order given.
    """
    fields = {
        "00": "01",
        "01": "12",
        "38": [("00", "A000000727"), ("01", [("00", "970405"), ("01", "3601205123456")]), ("02", "QRIBFTTA")],
        "53": "704",
        "54": "235000",
        "58": "VN",
        "62": [("08", "OCOP DH100045")],
    }
    fields |= {name.removeprefix("t"): value for name, value in values.items()}
    return code(*[(tag, value) for tag, value in fields.items() if value is not None])
