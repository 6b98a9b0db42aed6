//! Which encoding a text is in. GB18030 contains GBK and GB2312, which Chinese systems and Excel write.

use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Encodings we tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// So far nothing but ASCII: read as UTF-8 until the first other byte decides.
    Ascii,
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Gb18030,
}

impl Encoding {
    /// The name users know.
    pub(super) fn label(self) -> &'static str {
        match self {
            Encoding::Ascii | Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 with BOM",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Gb18030 => "GB18030",
        }
    }

    /// A decoder for the whole stream; swallows the byte order mark.
    pub(super) fn decoder(self) -> Decoder {
        match self {
            Encoding::Ascii | Encoding::Utf8 | Encoding::Utf8Bom => UTF_8.new_decoder_with_bom_removal(),
            Encoding::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
            Encoding::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
            Encoding::Gb18030 => GB18030.new_decoder_without_bom_handling(),
        }
    }

    /// Guesses from a sample; `complete` when nothing follows it.
    pub(super) fn detect(sample: &[u8], complete: bool) -> Self {
        match sample {
            [0xEF, 0xBB, 0xBF, ..] => return Encoding::Utf8Bom,
            [0xFF, 0xFE, ..] => return Encoding::Utf16Le,
            [0xFE, 0xFF, ..] => return Encoding::Utf16Be,
            _ if sample.is_ascii() => return Encoding::Ascii,
            _ => {}
        }
        let sample = if complete { sample } else { whole_characters(sample) };
        let (good, bad) = count_utf8(sample);
        // A Chinese text in GB18030 forms a valid UTF-8 character by accident only; a few broken
        // bytes in a UTF-8 file must not turn all of it into rubbish.
        if bad == 0 || bad * 10 < good {
            return Encoding::Utf8;
        }
        if is_chinese(sample) && count_bad_gb18030(sample) <= bad / 100 { Encoding::Gb18030 } else { Encoding::Utf8 }
    }
}

/// Cuts a sample where no character can be cut: after its last line end, which is a byte of its own in both
/// encodings.
fn whole_characters(sample: &[u8]) -> &[u8] {
    match memchr::memrchr(b'\n', sample) {
        Some(end) => &sample[..=end],
        None => sample,
    }
}

/// Characters beyond ASCII, and places that are no UTF-8.
fn count_utf8(sample: &[u8]) -> (usize, usize) {
    sample.utf8_chunks().fold((0, 0), |(good, bad), chunk| {
        let beyond_ascii = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (good + beyond_ascii, bad + usize::from(!chunk.invalid().is_empty()))
    })
}

fn count_bad_gb18030(sample: &[u8]) -> usize {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut scratch = [0_u8; 4096];
    let (mut from, mut bad) = (0, 0);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&sample[from..], &mut scratch, false);
        from += read;
        match result {
            DecoderResult::InputEmpty => return bad,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => bad += 1,
        }
    }
}

/// Whether at least half of the pairs of bytes are punctuation or one of the 3,755 commonest characters
/// (GB 2312 level 1). Western 8-bit text is formally valid GB18030 surprisingly often ("Müller"), but its pairs
/// end in ASCII letters.
fn is_chinese(sample: &[u8]) -> bool {
    let (mut common, mut pairs, mut at) = (0_usize, 0_usize, 0);
    while let Some(&lead) = sample.get(at) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let trail = sample.get(at + 1).copied().unwrap_or(0);
        pairs += 1;
        common += usize::from(matches!(lead, 0xA1..=0xA3 | 0xB0..=0xD7) && trail >= 0xA1);
        at += if trail.is_ascii_digit() { 4 } else { 2 };
    }
    common * 2 >= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn tells_encodings_apart() {
        assert_eq!(Encoding::detect(b"a,b\n", true), Encoding::Ascii);
        assert_eq!(Encoding::detect("订单编号,买家\n".as_bytes(), true), Encoding::Utf8);
        assert_eq!(Encoding::detect("\u{feff}订单\n".as_bytes(), true), Encoding::Utf8Bom);
        assert_eq!(Encoding::detect(&gb("订单编号,买家会员名\n1,张三丰\n"), true), Encoding::Gb18030);
        assert_eq!(Encoding::detect(b"\xff\xfea\0", true), Encoding::Utf16Le);
        assert_eq!(Encoding::detect(b"\xfe\xff\0a", true), Encoding::Utf16Be);
    }

    #[test]
    fn a_cut_character_at_the_end_of_a_sample_misleads_nobody() {
        let utf8 = "编号\n订单".as_bytes();
        assert_eq!(Encoding::detect(&utf8[..utf8.len() - 1], false), Encoding::Utf8);
        let chinese = gb("编号\n订单");
        assert_eq!(Encoding::detect(&chinese[..chinese.len() - 1], false), Encoding::Gb18030);
    }

    #[test]
    fn western_text_and_few_broken_bytes_are_not_chinese() {
        assert_eq!(Encoding::detect(b"name\nM\xfcller\nJos\xe9 Ni\xf1o\n", true), Encoding::Utf8);
        let mut bytes = "订单编号,买家会员名,订单状态,买家实际支付金额\n".repeat(3).into_bytes();
        bytes.extend(b"\xff\xfe,x\n");
        assert_eq!(Encoding::detect(&bytes, true), Encoding::Utf8);
    }
}
