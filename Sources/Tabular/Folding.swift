/// Brings what people type in several ways into one: full width to half width, letters to lower case, blanks away.
package enum Folding {
    private static let brackets: Set<Unicode.Scalar> = [
        "(", ")", "[", "]", "{", "}", "【", "】", "〔", "〕", "「", "」", "〈", "〉", "《", "》",
    ]
    /// What stands between a name and its unit, or marks a column that has to be filled.
    private static let punctuation: Set<Unicode.Scalar> = ["/", "_", "-", ":", "*", "·", ".", ",", "、", "|", "'", "\""]
    /// Remarks that say nothing about the values of a column.
    private static let remarks = ["必填", "选填", "单位"]

    /// Also the marks and joiners that have no width; they come along when text is copied from pages. A switch, because
    /// this is asked of every character, and a set would hash each.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", "\r", "\u{A0}", "\u{3000}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}":
            true
        default: false
        }
    }

    /// What stands between the blanks at the ends.
    static func trimmed(_ text: String) -> Substring {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return Substring(scalars[first...last])
    }

    /// Half width and lower case.
    static func folded(_ text: Substring) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(folded(scalar)) }
        return String(result)
    }

    /// `folded`, without any blank.
    package static func compact(_ text: Substring) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isBlank(scalar) { result.append(folded(scalar)) }
        return String(result)
    }

    /// The name of a column without blanks, brackets and punctuation: 里程（万公里） and 里程/万公里 are the same.
    static func heading(_ text: String) -> String {
        var name = String.UnicodeScalarView()
        for scalar in compact(text[...]).unicodeScalars
        where !brackets.contains(scalar) && !punctuation.contains(scalar) {
            name.append(scalar)
        }
        return String(withoutRemarks(String(name)[...]))
    }

    /// Without what a heading says about itself at its end: 车架号（必填）, 里程（单位：万公里） before the unit.
    static func withoutRemarks(_ name: Substring) -> Substring {
        guard let remark = remarks.first(where: { name.hasSuffix($0) && name.count > $0.count }) else { return name }
        return withoutRemarks(name.dropLast(remark.count))
    }

    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: lowercased(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
        case 0xFFE5: "¥"
        case 0x3000: " "
        default: lowercased(scalar)
        }
    }

    private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(scalar.value + 32) ?? scalar : scalar
    }
}
