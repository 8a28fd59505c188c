/// How much of a password a guesser would still have to guess. No rule on which characters there must be: NIST SP
/// 800-63B, section 5.1.1.2, forbids those, and asks for common, repetitive, sequential and context-specific passwords
/// to be refused.
///
/// What a guesser tries as one piece counts as one character: a common word, a word of the holder's own, a row of the
/// keyboard or the alphabet, one character again and again, a year. What then is shorter than the shortest password
/// that NIST allows is refused.
struct PasswordStrength {
    /// NIST SP 800-63B, section 5.1.1.1.
    static let effectiveLengthMinimum = 8
    /// So that two or three characters in turn do not pass for twelve.
    static let distinctMinimum = 5
    /// Shorter rows and repeats are in every password.
    private static let runMinimum = 3
    /// In letters of ASCII; two Chinese characters are a name.
    private static let wordMinimum = 3
    private static let ideographicWordMinimum = 2

    private let words: [[Unicode.Scalar]]

    init(context: [String]) {
        words = PasswordStrength.commonWords + context.flatMap(PasswordStrength.words(of:))
    }

    func isGuessable(_ password: some Sequence<Unicode.Scalar>) -> Bool {
        let text = PasswordStrength.folded(password)
        return Set(text).count < PasswordStrength.distinctMinimum
            || effectiveLength(text) < PasswordStrength.effectiveLengthMinimum
    }

    /// - Parameter text: in lower case.
    func effectiveLength(_ text: [Unicode.Scalar]) -> Int {
        var rest = text.prefix(PasswordStrength.period(of: text))
        var length = 0
        while !rest.isEmpty {
            rest = rest.dropFirst(max(pieceLength(rest), 1))
            length += 1
        }
        return length
    }

    /// How many characters at the beginning are guessed as one.
    private func pieceLength(_ text: ArraySlice<Unicode.Scalar>) -> Int {
        let runs = [
            PasswordStrength.steps(text, by: 0), PasswordStrength.steps(text, by: 1),
            PasswordStrength.steps(text, by: -1), PasswordStrength.keyboardRun(text),
        ].filter { $0 >= PasswordStrength.runMinimum }
        let word = words.lazy.filter { PasswordStrength.begins(text, with: $0) }.map(\.count).max() ?? 0
        return max(runs.max() ?? 0, word, PasswordStrength.yearLength(text))
    }

    // MARK: Pieces

    /// How many characters each stand `distance` after the one before.
    private static func steps(_ text: ArraySlice<Unicode.Scalar>, by distance: Int) -> Int {
        let neighbours = zip(text, text.dropFirst())
        return 1 + neighbours.prefix { Int($1.value) - Int($0.value) == distance }.count
    }

    /// The longest beginning that stands somewhere on a row or in the columns of the keyboard, in either direction.
    private static func keyboardRun(_ text: ArraySlice<Unicode.Scalar>) -> Int {
        keyboardRows.flatMap { row in
            row.indices.map { start in zip(text, row[start...]).prefix { $0 == $1 }.count }
        }.max() ?? 0
    }

    /// A letter may be replaced by what looks like it: `p@ssw0rd` is tried right after `password`.
    private static func begins(_ text: ArraySlice<Unicode.Scalar>, with word: [Unicode.Scalar]) -> Bool {
        text.count >= word.count && zip(text, word).allSatisfy { $0 == $1 || lookAlikes[$0]?.contains($1) == true }
    }

    private static func yearLength(_ text: ArraySlice<Unicode.Scalar>) -> Int {
        let digits = text.prefix(4)
        guard digits.count == 4, digits.allSatisfy(isDigit) else { return 0 }
        let century = String(String.UnicodeScalarView(digits.prefix(2)))
        return century == "19" || century == "20" ? 4 : 0
    }

    /// The length of what the text repeats, or its own.
    private static func period(of text: [Unicode.Scalar]) -> Int {
        guard text.count > 1 else { return text.count }
        let periods = 1...text.count / 2
        return periods.first { period in zip(text, text.dropFirst(period)).allSatisfy { $0 == $1 } } ?? text.count
    }

    // MARK: Words

    /// A text of the holder's as a whole, without its punctuation, and each word of it.
    private static func words(of text: String) -> [[Unicode.Scalar]] {
        let whole = folded(text.unicodeScalars)
        let parts = whole.split { !isLetterOrDigit($0) }.map(Array.init)
        let joined = parts.flatMap(\.self)
        // Of a phone also without the country code, and without the carrier's part.
        let numbers = joined.count >= 11 && joined.allSatisfy(isDigit) ? [joined.suffix(11), joined.suffix(8)] : []
        return ([whole, joined] + parts + numbers.map(Array.init)).filter { word in
            word.count >= (word.allSatisfy(\.isASCII) ? wordMinimum : ideographicWordMinimum)
        }
    }

    private static func folded(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        text.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static let commonWords = CommonPasswords.words.map { Array($0.unicodeScalars) }

    private static let keyboardRows: [[Unicode.Scalar]] = {
        let rows = [
            "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        ].map { Array($0.unicodeScalars) }
        return rows + rows.map { $0.reversed() }
    }()

    private static let lookAlikes: [Unicode.Scalar: [Unicode.Scalar]] = [
        "@": ["a"], "4": ["a"], "3": ["e"], "1": ["i", "l"], "!": ["i", "l"], "0": ["o"], "$": ["s"], "5": ["s"],
        "7": ["t"],
    ]
}
