//! Numbers as JavaScript prints them.

/// A number as `JSON.stringify` and `String` print it: the shortest digits that read back the same,
/// an exponent from 1e21 on and below 1e-6, and `null` for what JSON does not have.
pub fn js_number(value: f64) -> String {
    if !value.is_finite() {
        return "null".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs();
    if (1e-6..1e21).contains(&magnitude) {
        return value.to_string();
    }
    let scientific = format!("{value:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => scientific,
    }
}

/// A number as `String` prints it.
pub fn js_string(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}Infinity")
    } else {
        js_number(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{js_number, js_string};

    #[test]
    fn prints_as_javascript_does() {
        let table = [
            (1.0, "1"),
            (-0.0, "0"),
            (1.10, "1.1"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (0.000_001, "0.000001"),
            (0.000_000_12, "1.2e-7"),
            (f64::INFINITY, "null"),
        ];
        for (value, printed) in table {
            assert_eq!(js_number(value), printed);
        }
        assert_eq!(js_string(f64::NEG_INFINITY), "-Infinity");
    }
}
