//! Amounts as Kubernetes writes them: `500m` cores, `8Gi` of memory.

use crate::policy::time::Duration;

/// Nobody has more of anything, or pays more for it; and what is made of such numbers can be counted.
const MOST: f64 = 1e15;

/// Whether an amount or a price is one.
pub fn is_countable(number: f64) -> bool {
    (0.0..=MOST).contains(&number)
}

/// Cores: `4`, `0.5` or `500m`.
pub fn cores(text: &str) -> Option<f64> {
    match text.strip_suffix('m') {
        Some(thousandths) => Some(amount(thousandths)? / 1000.0),
        None => amount(text),
    }
}

/// Bytes in GiB, which is the unit when there is none: `8`, `8Gi`, `512Mi`, `8G`.
///
/// Source: resource quantities of Kubernetes; a GB of `OpenCost`'s price sheets is 2^30 bytes.
pub fn gibibytes(text: &str) -> Option<f64> {
    const GIB: f64 = 1_073_741_824.0;
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(split)?;
    let bytes = match unit {
        "" | "Gi" => return amount(number),
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Ti" => 1024.0 * GIB,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        _ => return None,
    };
    Some(amount(number)? * bytes / GIB)
}

/// Hours: `7d`, `36h`, `1d12h`, or a number of hours.
pub fn hours(text: &str) -> Option<f64> {
    let seconds = || Some(f64::from(i32::try_from(Duration::parse(text)?.0).ok()?));
    amount(text).or_else(|| Some(seconds()? / 3600.0))
}

/// A decimal number without sign or exponent.
fn amount(text: &str) -> Option<f64> {
    let plain = |b: u8| b.is_ascii_digit() || b == b'.';
    let is_plain = text.bytes().all(plain) && text.bytes().any(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_kubernetes_does() {
        assert_eq!(cores("500m"), Some(0.5));
        assert_eq!(cores("4"), Some(4.0));
        assert_eq!(cores("-1"), None);
        assert_eq!(cores("1e3"), None);
        assert_eq!(gibibytes("512Mi"), Some(0.5));
        assert_eq!(gibibytes("8"), Some(8.0));
        assert_eq!(gibibytes("8Gi"), Some(8.0));
        assert_eq!(gibibytes("1073741824k"), Some(1000.0));
        assert_eq!(gibibytes("8GB"), None);
        assert_eq!(gibibytes("."), None);
    }

    #[test]
    fn durations_add_up() {
        assert_eq!(hours("7d"), Some(168.0));
        assert_eq!(hours("1d12h"), Some(36.0));
        assert_eq!(hours("30m"), Some(0.5));
        assert_eq!(hours("168"), Some(168.0));
        assert_eq!(hours("7 d"), None);
        assert_eq!(hours("d"), None);
        assert_eq!(hours(""), None);
    }
}
