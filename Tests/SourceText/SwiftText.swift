/// A Swift file in three layers of the same length: what is code, what is inside string literals, what is comment.
/// Everything else is blank in each, and lines keep their numbers.
///
/// Regular expression literals are not known; the project has none.
package struct SwiftText {
    package private(set) var code: [UInt8]
    package private(set) var strings: [UInt8]
    package private(set) var comments: [UInt8]
    /// Every string literal by itself, in the order in which they end.
    package private(set) var literals: [Literal] = []

    package struct Literal {
        /// What it says, with `?` for an interpolation.
        package var text: [UInt8] = []
        /// Where in the file every byte of it stands.
        package var positions: [Int] = []
        /// What is interpolated, by where in the text its `?` stands.
        package var interpolations: [Int: String] = [:]
    }

    private let bytes: [UInt8]
    private var position = 0
    private var contexts: [Context] = [.code(openParentheses: nil)]
    private var openLiterals: [Literal] = []

    private enum Context {
        /// The number of parentheses still open in an interpolation; `nil` outside of one.
        case code(openParentheses: Int?)
        case string(hashes: Int, isMultiline: Bool)
    }

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        code = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        strings = code
        comments = code
        while position < bytes.count { step() }
    }

    private mutating func step() {
        switch contexts[contexts.count - 1] {
        case .code(let openParentheses): stepInCode(openParentheses)
        case .string(let hashes, let isMultiline): stepInString(hashes: hashes, isMultiline: isMultiline)
        }
    }

    // MARK: Code

    private mutating func stepInCode(_ openParentheses: Int?) {
        if isNext("//") { return skipLineComment() }
        if isNext("/*") { return skipBlockComment() }
        if let hashes = stringAhead() { return openString(hashes: hashes) }
        let byte = bytes[position]
        if byte == UInt8(ascii: "`") { return skipRawIdentifier() }
        code[position] = byte
        position += 1
        guard let open = openParentheses else { return }
        switch byte {
        case UInt8(ascii: "("): contexts[contexts.count - 1] = .code(openParentheses: open + 1)
        case UInt8(ascii: ")") where open == 1: contexts.removeLast()
        case UInt8(ascii: ")"): contexts[contexts.count - 1] = .code(openParentheses: open - 1)
        default: break
        }
    }

    private mutating func skipLineComment() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { copy(1, into: \.comments) }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if isNext("/*") {
                depth += 1
                copy(2, into: \.comments)
            } else if isNext("*/") {
                depth -= 1
                copy(2, into: \.comments)
            } else {
                copy(1, into: \.comments)
            }
        } while depth > 0 && position < bytes.count
    }

    /// The name of a test is a sentence: words in it are neither code nor text that the product shows.
    private mutating func skipRawIdentifier() {
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "`"), bytes[position] != UInt8(ascii: "\n") {
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "`") { position += 1 }
    }

    // MARK: Strings

    /// How many `#` the string literal that begins here has, `nil` where none begins.
    private func stringAhead() -> Int? {
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end - position : nil
    }

    private mutating func openString(hashes: Int) {
        position += hashes
        let isMultiline = isNext("\"\"\"")
        position += isMultiline ? 3 : 1
        contexts.append(.string(hashes: hashes, isMultiline: isMultiline))
        openLiterals.append(Literal())
    }

    private mutating func stepInString(hashes: Int, isMultiline: Bool) {
        let pounds = String(repeating: "#", count: hashes)
        if isNext("\\" + pounds + "(") {
            append(UInt8(ascii: "?"))
            position += hashes + 2
            noteInterpolation()
            contexts.append(.code(openParentheses: 1))
        } else if isNext("\\" + pounds) {
            append(UInt8(ascii: " "))
            copy(hashes + 2, into: \.strings)
        } else if isNext((isMultiline ? "\"\"\"" : "\"") + pounds) {
            position += (isMultiline ? 3 : 1) + hashes
            closeString()
        } else if !isMultiline, bytes[position] == UInt8(ascii: "\n") {
            // Not Swift; the rest of the file should still be read as code.
            closeString()
        } else {
            append(bytes[position])
            copy(1, into: \.strings)
        }
    }

    private mutating func closeString() {
        contexts.removeLast()
        literals.append(openLiterals.removeLast())
    }

    /// Only a name is kept: `columns`, `ListingStore.columns`.
    private mutating func noteInterpolation() {
        let name = bytes[position...].prefix { isWordByte($0) || $0 == UInt8(ascii: ".") }
        let end = name.endIndex
        guard end < bytes.count, bytes[end] == UInt8(ascii: ")") else { return }
        let literal = openLiterals.count - 1
        openLiterals[literal].interpolations[openLiterals[literal].text.count - 1] = String(
            decoding: name,
            as: UTF8.self
        )
    }

    private mutating func append(_ byte: UInt8) {
        openLiterals[openLiterals.count - 1].text.append(byte)
        openLiterals[openLiterals.count - 1].positions.append(position)
    }

    // MARK: Small steps

    private func isNext(_ text: String) -> Bool {
        guard bytes[position] == text.utf8.first else { return false }
        return bytes[position...].starts(with: text.utf8)
    }

    private mutating func copy(_ count: Int, into layer: WritableKeyPath<SwiftText, [UInt8]>) {
        for index in position..<min(position + count, bytes.count) { self[keyPath: layer][index] = bytes[index] }
        position = min(position + count, bytes.count)
    }
}
