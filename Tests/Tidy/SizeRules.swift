extension Rule {
    private static let maximumFileLines = 400
    private static let maximumFunctionLines = 60
    private static let maximumColumns = 120
    /// A digest or an address cannot be broken; the line that holds one may be as long as it has to be.
    private static let unbreakableColumns = 60

    static let sizes = [
        Rule("files are short", instead: "a file for each idea") { file in
            guard file.isSwift || file.path.hasSuffix(".sql") else { return [] }
            let count = file.lines.count - (file.bytes.last == UInt8(ascii: "\n") ? 1 : 0)
            return count > maximumFileLines ? [Finding(line: count, what: "\(count) lines")] : []
        },
        Rule("lines are short", instead: "at most \(maximumColumns) columns") { file in
            guard file.isSwift || file.path.hasSuffix(".sql") else { return [] }
            return file.lines.filter { isTooLong($0.text) }
                .map { Finding(line: $0.number, what: "\($0.text.count) columns") }
        },
        Rule("functions are short", instead: "a function for each step") { file in
            guard file.isSwift else { return [] }
            return FunctionScanner.functions(in: file.code).filter { $0.lineCount > maximumFunctionLines }
                .map { Finding(line: $0.line, what: "`\($0.kind)` of \($0.lineCount) lines") }
        },
    ]

    private static func isTooLong(_ line: String) -> Bool {
        // Counting bytes first is quick, and there are never fewer of them.
        guard line.utf8.count > maximumColumns, line.count > maximumColumns else { return false }
        return !line.split(separator: " ").contains { $0.count > unbreakableColumns }
    }
}

/// Finds the functions of a Swift file by counting braces.
struct FunctionScanner {
    struct Function {
        let kind: String
        let line: Int
        let lineCount: Int
    }

    private struct Declaration {
        let kind: String
        let line: Int
        let openParentheses: Int
    }

    private struct Brace {
        /// What the brace is the body of.
        let declaration: Declaration?
        /// A declaration that is not finished: the brace stands in a default argument of it.
        let unfinished: Declaration?
        let openParentheses: Int
    }

    private var functions: [Function] = []
    private var braces: [Brace] = []
    private var openParentheses = 0
    private var declaration: Declaration?
    private var previous: Substring = ""

    /// - Parameter code: without string literals and comments.
    static func functions(in code: [UInt8]) -> [Function] {
        var scanner = FunctionScanner()
        let lines = String(decoding: code, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() { scanner.read(line, number: index + 1) }
        return scanner.functions
    }

    private mutating func read(_ line: Substring, number: Int) {
        var rest = line.drop { $0 == " " }
        while let first = rest.first {
            let isWord = first.isLetter || first == "_"
            let token = isWord ? rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" } : rest.prefix(1)
            rest = rest.dropFirst(token.count)
            take(token, next: rest.first, line: number)
            previous = token
            rest = rest.drop { $0 == " " }
        }
    }

    private mutating func take(_ token: Substring, next: Character?, line: Int) {
        switch token {
        case "func", "deinit", "subscript": begin(token, line: line)
        case "init" where previous != "." && next.map({ "(?!<".contains($0) }) == true: begin(token, line: line)
        case "(", "[": openParentheses += 1
        case ")", "]": openParentheses -= 1
        case "{": open()
        case "}": close(line: line)
        default: break
        }
    }

    private mutating func begin(_ kind: Substring, line: Int) {
        guard previous != "." else { return }
        declaration = Declaration(kind: String(kind), line: line, openParentheses: openParentheses)
    }

    private mutating func open() {
        let isBody = declaration?.openParentheses == openParentheses
        braces.append(
            Brace(
                declaration: isBody ? declaration : nil,
                unfinished: isBody ? nil : declaration,
                openParentheses: openParentheses
            )
        )
        declaration = nil
        openParentheses = 0
    }

    private mutating func close(line: Int) {
        guard let brace = braces.popLast() else { return }
        if let body = brace.declaration {
            functions.append(Function(kind: body.kind, line: body.line, lineCount: line - body.line + 1))
        }
        declaration = brace.unfinished
        openParentheses = brace.openParentheses
    }
}
