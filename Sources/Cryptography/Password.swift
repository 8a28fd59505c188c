package import Core
@_spi(_Unicode) import Swift

/// A password as it goes into the hash: the UTF-8 bytes of its NFC form, with every Unicode space as U+0020.
///
/// That is the normal form of OpaqueString (RFC 8265, section 4.2), so that the same password typed on another machine
/// gives the same bytes. NIST SP 800-63B, section 5.1.1.2, would rather have NFKC, which also makes full-width letters
/// narrow: its tables are in Foundation alone, and RFC 8265 forbids that mapping. Whoever typed a password in full
/// width has to type it so again.
package struct Password: Sendable {
    /// For a password that is being chosen, in Unicode scalars: above the 8 of NIST SP 800-63B, section 5.1.1.1.
    package static let minimumLength = 12
    /// In Unicode scalars. NIST asks for at least 64; nothing is ever cut off.
    package static let maximumLength = 128
    /// Before it is normalised, which takes time by the length.
    package static let maximumByteCount = 1024

    let secret: SecretBytes

    /// A password that is shown to sign in. It may be shorter than what could be chosen today.
    /// - Throws: `length`, `control_character` or `unassigned_character`. No account has such a password, so that the
    ///   answer is the one to a wrong password.
    package init(entered text: String) throws(TextFault) {
        self.init(prepared: try Password.prepare(text))
    }

    /// A password that is being chosen.
    /// - Parameter context: what a guesser would try first: the holder's name, phone, e-mail and organisation.
    /// - Throws: also `guessable`.
    package init(choosing text: String, context: [String] = []) throws(TextFault) {
        let prepared = try Password.prepare(text)
        guard prepared.count >= Password.minimumLength else { throw Password.lengthFault }
        guard !PasswordStrength(context: context).isGuessable(prepared) else { throw Password.guessableFault }
        self.init(prepared: prepared)
    }

    /// Hashed in place of one that cannot be any.
    static let nobodys = Password(prepared: "nobody".unicodeScalars)

    private init(prepared: String.UnicodeScalarView) {
        secret = SecretBytes(String(prepared).utf8)
    }

    private static func prepare(_ text: String) throws(TextFault) -> String.UnicodeScalarView {
        guard (1...maximumByteCount).contains(text.utf8.count) else { throw lengthFault }
        var spaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { spaced.append(try prepare(scalar)) }
        var normal = String.UnicodeScalarView()
        normal.append(contentsOf: String(spaced)._nfc)
        guard normal.count <= maximumLength else { throw lengthFault }
        return normal
    }

    private static func prepare(_ scalar: Unicode.Scalar) throws(TextFault) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: throw controlFault
        // A later version of Unicode may give it another normal form, and the password would no longer fit.
        case .unassigned: throw unassignedFault
        case .spaceSeparator: return " "
        default: return scalar
        }
    }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { secret.description }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

// MARK: - Faults

extension Password {
    private static let lengthFault = TextFault(
        "length",
        zh: "密码长度须为 \(minimumLength) 至 \(maximumLength) 个字符",
        en: "A password has \(minimumLength) to \(maximumLength) characters"
    )
    private static let controlFault = TextFault(
        "control_character",
        zh: "密码不能含有换行、制表符等控制字符",
        en: "A password has no control characters, such as line ends and tabs"
    )
    private static let unassignedFault = TextFault(
        "unassigned_character",
        zh: "密码含有尚未收入 Unicode 的字符",
        en: "The password has a character that Unicode does not know"
    )
    private static let guessableFault = TextFault(
        "guessable",
        zh: "密码太容易被猜中：请避开姓名、手机号、邮箱、常用密码，以及连续或重复的字符",
        en: "Too easy to guess: avoid your name, phone and e-mail, common passwords, and rows or repeats of characters"
    )
}
