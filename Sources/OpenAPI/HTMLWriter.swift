/// Writes HTML; every text and every attribute is escaped on the way in.
struct HTMLWriter {
    private(set) var html = ""

    /// The elements without a closing tag that we use.
    private static let void: Set<String> = ["meta", "br"]

    init() {
        html = "<!doctype html>\n"
    }

    mutating func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ content: (inout HTMLWriter) -> Void = { _ in }
    ) {
        html += "<\(name)"
        for (attribute, value) in attributes {
            html += " \(attribute)=\""
            append(escaped: value)
            html += "\""
        }
        html += ">"
        guard !HTMLWriter.void.contains(name.description) else { return }
        content(&self)
        html += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ text: String) {
        element(name, attributes) { $0.text(text) }
    }

    mutating func element(_ name: StaticString, _ text: String) {
        element(name, [:], text)
    }

    mutating func text(_ text: String) {
        append(escaped: text)
    }

    /// A style sheet, which is not escaped: only literals of ours go here.
    mutating func style(_ css: StaticString) {
        html += "<style>\(css)</style>"
    }

    /// Line ends between blocks, for whoever looks at the source.
    mutating func newline() {
        html += "\n"
    }

    private mutating func append(escaped text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            default: html.unicodeScalars.append(scalar)
            }
        }
    }
}

// MARK: - Two languages

extension HTMLWriter {
    /// `中文 / English`, as titles and summaries of the document are written: each part says its language, so that a
    /// screen reader pronounces it.
    mutating func bilingual(_ text: String) {
        guard let middle = text.firstRange(of: " / ") else { return code(text) }
        element("span", ["lang": "zh-CN"], String(text[..<middle.lowerBound]))
        self.text(" ")
        element("span", ["lang": "en", "class": "en"], String(text[middle.upperBound...]))
    }

    /// Paragraphs apart by empty lines, in either language.
    mutating func paragraphs(_ text: String) {
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init) {
            element("p", ["lang": isChinese(paragraph) ? "zh-CN" : "en"]) { $0.code(paragraph) }
            newline()
        }
    }

    /// Text in which what stands between backticks is code.
    private mutating func code(_ text: String) {
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index.isMultiple(of: 2) {
                self.text(String(part))
            } else {
                element("code", String(part))
            }
        }
    }

    /// By the block of CJK unified ideographs.
    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
