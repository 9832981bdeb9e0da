//! Numbers with a given count of digits.

use super::number::print;

/// `Number.prototype.toPrecision`.
pub(crate) fn to_precision(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return print(number);
    }
    let (mantissa, exponent) = round(number.abs(), digits);
    let sign = if number < 0.0 { "-" } else { "" };
    let Ok(before) = usize::try_from(exponent + 1) else {
        if exponent < -6 {
            return sign.to_owned() + &scientific(&mantissa, exponent);
        }
        let zeros = "0".repeat(usize::try_from(-1 - exponent).unwrap_or(0));
        return format!("{sign}0.{zeros}{mantissa}");
    };
    match mantissa.split_at_checked(before) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some(("", fraction)) => format!("{sign}0.{fraction}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => sign.to_owned() + &scientific(&mantissa, exponent),
    }
}

/// `Number.prototype.toExponential`; as many places as the number needs if none are given.
pub(crate) fn to_exponential(number: f64, places: Option<usize>) -> String {
    if !number.is_finite() {
        return print(number);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let (mantissa, exponent) = match places {
        Some(places) => round(number.abs(), places + 1),
        None => parts(&format!("{:e}", number.abs())),
    };
    sign.to_owned() + &scientific(&mantissa, exponent)
}

/// That many digits of a number, and the exponent of the first. JavaScript rounds a half up, and Rust
/// to the even digit, so the exact digits are rounded here.
fn round(number: f64, digits: usize) -> (String, i32) {
    let (exact, exponent) = parts(&format!("{number:.EXACT$e}"));
    let (kept, rest) = exact.split_at_checked(digits).unwrap_or((&exact, ""));
    let mut kept: Vec<char> = kept.chars().collect();
    if !rest.starts_with(['5', '6', '7', '8', '9']) {
        return (kept.into_iter().collect(), exponent);
    }
    for digit in kept.iter_mut().rev() {
        let next = digit.to_digit(10).map_or(0, |digit| digit + 1);
        *digit = char::from_digit(next % 10, 10).unwrap_or('0');
        if next < 10 {
            return (kept.into_iter().collect(), exponent);
        }
    }
    // all were nines
    kept.insert(0, '1');
    kept.pop();
    (kept.into_iter().collect(), exponent + 1)
}

/// No double has more digits.
const EXACT: usize = 800;

/// The digits and the exponent of Rust's notation.
fn parts(scientific: &str) -> (String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn scientific(mantissa: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    let exponent = exponent.abs();
    match mantissa.split_at_checked(1) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}.{rest}e{sign}{exponent}"),
        _ => format!("{mantissa}e{sign}{exponent}"),
    }
}
