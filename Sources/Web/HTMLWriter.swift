/// Writes HTML; every text and every attribute is escaped on the way in.
package struct HTMLWriter {
    package private(set) var html = ""

    /// The elements without a closing tag that we use.
    private static let void: Set<String> = ["br", "img", "input", "link", "meta"]

    package init() {
        html = "<!doctype html>\n"
    }

    /// - Parameter attributes: one that is `nil` is left out; one without a value is given as an empty text.
    package mutating func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String?> = [:],
        _ content: (inout HTMLWriter) -> Void = { _ in }
    ) {
        html += "<\(name)"
        for (attribute, value) in attributes {
            guard let value else { continue }
            html += " \(attribute)=\""
            append(escaped: value)
            html += "\""
        }
        html += ">"
        guard !HTMLWriter.void.contains(name.description) else { return }
        content(&self)
        html += "</\(name)>"
    }

    package mutating func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String?>,
        _ text: String
    ) {
        element(name, attributes) { $0.text(text) }
    }

    package mutating func element(_ name: StaticString, _ text: String) {
        element(name, [:], text)
    }

    package mutating func text(_ text: String) {
        append(escaped: text)
    }

    /// A style sheet, which is not escaped: only literals of ours go here.
    package mutating func style(_ css: StaticString) {
        html += "<style>\(css)</style>"
    }

    /// Line ends between blocks, for whoever looks at the source.
    package mutating func newline() {
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
