package import Core
package import Cryptography

/// What somebody signs in with: an e-mail address or a mobile number of mainland China.
package struct Login: TextValue, Hashable {
    package let field: PersonalField
    /// Folded, so that every way of writing one gives the same.
    package let text: String

    /// RFC 5321, section 4.5.3.1, allows for no more.
    private static let emailLength = 254
    private static let localPartLength = 64

    /// - Throws: `login_format`.
    package init(parsing text: String) throws(TextFault) {
        let folded = Login.folded(text)
        if folded.contains("@") {
            guard Login.isEmail(folded) else { throw Login.formatFault }
            field = .email
            self.text = folded
        } else {
            guard let mobile = Login.mobile(folded) else { throw Login.formatFault }
            field = .phone
            self.text = mobile
        }
    }

    /// What the store finds a person by. Keyed, and of full width, so that no two people can have the same.
    package func code(pepper: SecretBytes) -> Digest {
        HMACSHA256.authenticate(Array("chexin/login/1\n\(field.rawValue)\n\(text)".utf8), key: pepper)
    }

    /// `z***@example.com`, `138****1234`.
    package var masked: String { field.masked(text) }

    private static let formatFault = TextFault(
        "login_format",
        zh: "须为邮箱地址或中国大陆手机号",
        en: "Must be an e-mail address or a mobile number of mainland China"
    )

    /// Full-width forms become narrow, letters small.
    private static func folded(_ text: String) -> String {
        let narrow = text.unicodeScalars.map { scalar in
            let isFullWidth = ("\u{FF01}"..."\u{FF5E}").contains(scalar)
            return isFullWidth ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }
        let trimmed = narrow.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(trimmed.reversed())).lowercased()
    }

    /// One `@`, visible ASCII around it, and a dot within the domain: whether it can be reached, the message tells.
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= emailLength else { return false }
        guard (1...localPartLength).contains(parts[0].count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            return false
        }
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
    }

    /// Eleven digits that begin with 13 to 19 (recalled, not read), with or without the country's code.
    private static func mobile(_ text: String) -> String? {
        var digits = text.filter { $0 != " " && $0 != "-" }
        for prefix in ["+86", "0086"] where digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
        let bytes = Array(digits.utf8)
        guard bytes.count == 11, bytes.allSatisfy({ (0x30...0x39).contains($0) }), bytes[0] == UInt8(ascii: "1") else {
            return nil
        }
        return bytes[1] >= UInt8(ascii: "3") ? digits : nil
    }
}
