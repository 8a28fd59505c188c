import Foundation

/// Writes a text file as a Swift string literal: `EmbeddedText.<name>`.
@main
struct EmbedText {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5 else { throw Misuse() }
        let text = try String(contentsOfFile: arguments[1], encoding: .utf8)
        // As many number signs as no text of people has: nothing in it is taken for an escape or for the end.
        let fence = "########"
        // The line end before the closing quotes is not part of the value.
        let literal =
            "\(arguments[4]) EmbeddedText {\n"
            + "    static let \(arguments[3]) = \(fence)\"\"\"\n\(text)\n\"\"\"\(fence)\n}\n"
        try literal.write(toFile: arguments[2], atomically: true, encoding: .utf8)
    }
}

struct Misuse: Error, CustomStringConvertible {
    let description = "usage: embed-text INPUT OUTPUT NAME enum|extension"
}
