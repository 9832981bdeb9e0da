//! Numbers as ECMAScript prints, reads and rounds them.

use super::text::is_space;

/// `Number::toString`: the shortest digits that read back as the same double.
pub(crate) fn print(number: f64) -> String {
    if number.fract() == 0.0 && (0.0..1e9).contains(&number) {
        return to_size(number).to_string();
    }
    ryu_js::Buffer::new().format(number).to_owned()
}

/// `Number(text)`: the whole text must be a number; blank text is 0.
pub(crate) fn from_text(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return 0.0;
    }
    let (prefix, digits) = text.split_at_checked(2).unwrap_or((text, ""));
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => {
            let length = decimal_prefix(text);
            return if length == text.len() {
                read_decimal(text)
            } else {
                f64::NAN
            };
        }
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return f64::NAN;
    }
    read_digits(digits, radix)
}

/// `parseFloat(text)`: the longest number at the start.
pub(crate) fn parse_float(text: &str) -> f64 {
    let text = text.trim_start_matches(is_space);
    match text.get(..decimal_prefix(text)) {
        Some(number) if !number.is_empty() => read_decimal(number),
        _ => f64::NAN,
    }
}

/// `parseInt(text, radix)`: the longest run of digits at the start; radix 0 means "guess".
pub(crate) fn parse_int(text: &str, radix: f64) -> f64 {
    let text = text.trim_start_matches(is_space);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut radix = to_int32(radix);
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let text = match hex {
        Some(rest) if radix == 0 || radix == 16 => {
            radix = 16;
            rest
        }
        _ => text,
    };
    if radix == 0 {
        radix = 10;
    }
    let Some(radix) = u32::try_from(radix).ok().filter(|r| (2..=36).contains(r)) else {
        return f64::NAN;
    };
    let end = text
        .find(|c: char| !c.is_digit(radix))
        .unwrap_or(text.len());
    let digits = text.get(..end).unwrap_or_default();
    if digits.is_empty() {
        return f64::NAN;
    }
    let number = read_digits(digits, radix);
    if negative { -number } else { number }
}

/// `Number.prototype.toFixed` for 0 to 100 places.
pub(crate) fn to_fixed(number: f64, places: u8) -> String {
    if !number.is_finite() || number.abs() >= 1e21 {
        return print(number);
    }
    ryu_js::Buffer::new()
        .format_to_fixed(number, places)
        .to_owned()
}

/// `Number.prototype.toString(radix)` for whole numbers and fractions.
pub(crate) fn to_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return print(number);
    }
    let (mut whole, mut fraction) = (number.abs().trunc(), number.abs().fract());
    let base = f64::from(radix);
    let mut digits = Vec::new();
    while whole >= 1.0 {
        digits.push(digit(whole % base, radix));
        whole = (whole / base).trunc();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if number < 0.0 {
        digits.push('-');
    }
    let mut out: String = digits.into_iter().rev().collect();
    if fraction > 0.0 {
        out.push('.');
        // as V8: stop once the rest is below the precision of the double
        let mut delta = (0.5 * (number.abs().next_up() - number.abs())).max(f64::MIN_POSITIVE);
        loop {
            fraction *= base;
            delta *= base;
            let mut place = fraction.trunc();
            fraction -= place;
            let last = fraction < delta || fraction + delta > 1.0;
            if last && fraction > 0.5 {
                place += 1.0;
            }
            out.push(digit(place, radix));
            if last {
                break;
            }
        }
    }
    out
}

/// `ToInt32`, for radix arguments.
pub(crate) fn to_int32(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    let wrapped = number.trunc().rem_euclid(4_294_967_296.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        reason = "ToInt32 is defined as this wrap-around"
    )]
    let integer = (wrapped as u32) as i32;
    integer
}

/// `ToIntegerOrInfinity`.
pub(crate) fn to_integer(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.trunc() }
}

/// The number as a count or index: negative and NaN are 0, too large is the maximum.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is the meaning here"
)]
pub(crate) fn to_size(number: f64) -> usize {
    number as usize
}

/// A count as a number; counts are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn from_size(size: usize) -> f64 {
    size as f64
}

/// `Math.round`: half up, towards positive infinity.
pub(crate) fn round(number: f64) -> f64 {
    let floor = number.floor();
    if number - floor >= 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

/// The index of an array or a string that a property name stands for: `"0"`, `"17"`, not `"01"`.
pub(crate) fn as_index(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|b| b.is_ascii_digit());
    if !digits || name.is_empty() || name.len() > 10 || (name.len() > 1 && name.starts_with('0')) {
        return None;
    }
    name.parse().ok().filter(|&index| index < 4_294_967_295)
}

fn digit(value: f64, radix: u32) -> char {
    let value = u32::try_from(to_size(value)).unwrap_or(0);
    char::from_digit(value.min(radix - 1), radix).unwrap_or('0')
}

fn read_digits(digits: &str, radix: u32) -> f64 {
    if radix == 10 {
        return digits.parse().unwrap_or(f64::NAN);
    }
    let base = f64::from(radix);
    let values = digits.chars().filter_map(|c| c.to_digit(radix));
    values.fold(0.0, |sum, digit| sum * base + f64::from(digit))
}

/// Reads what [`decimal_prefix`] accepted.
fn read_decimal(text: &str) -> f64 {
    // Rust reads `Infinity` and `5.` alike
    text.parse().unwrap_or(f64::NAN)
}

/// The length of the longest `StrDecimalLiteral` at the start.
fn decimal_prefix(text: &str) -> usize {
    let sign = usize::from(text.starts_with(['-', '+']));
    let rest = text.get(sign..).unwrap_or_default();
    if rest.starts_with("Infinity") {
        return sign + "Infinity".len();
    }
    let whole = digits(rest);
    let mut length = whole;
    let rest = rest.get(whole..).unwrap_or_default();
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        fraction = digits(after);
        if whole + fraction > 0 {
            length += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return 0;
    }
    let rest = text.get(sign + length..).unwrap_or_default();
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent_sign = usize::from(exponent.starts_with(['-', '+']));
        let count = digits(exponent.get(exponent_sign..).unwrap_or_default());
        if count > 0 {
            length += 1 + exponent_sign + count;
        }
    }
    sign + length
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
