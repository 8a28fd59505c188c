import Core
import Web

// The schemas, each with its members in words.

extension DocsPage {
    func writeSchemas(_ page: inout HTMLWriter) {
        page.element("section", ["id": "schemas"]) { page in
            page.element("h2") { $0.bilingual(DocsPage.schemasTitle) }
            for schema in document["components"]?["schemas"]?.members ?? [] {
                page.newline()
                page.element("article", ["id": "schema-\(schema.name)"]) { page in
                    page.element("h3", schema.name)
                    writeTitle(schema.value, &page)
                    writeReporters(schema.value, &page)
                    writeShape(schema.value, &page)
                }
            }
        }
    }

    private func writeTitle(_ schema: JSON, _ page: inout HTMLWriter) {
        guard let title = schema["title"] else { return }
        page.element("p") { $0.bilingual(text(title)) }
    }

    private func writeReporters(_ schema: JSON, _ page: inout HTMLWriter) {
        guard let reporters = schema["x-reporters"]?.arrayValue else { return }
        page.element("p") { page in
            page.bilingual("可上报的角色 / May be reported by")
            page.text(" " + reporters.map(text).joined(separator: ", "))
        }
    }

    /// Members where it has some, and what it is made of where not.
    private func writeShape(_ schema: JSON, _ page: inout HTMLWriter) {
        for part in schema["allOf"]?.arrayValue ?? [] {
            page.element("p") { page in
                page.bilingual("另有其成员 / Also has the members of")
                page.text(" ")
                writeType(part, &page)
            }
        }
        if schema["properties"] != nil {
            writeMembers(schema, &page)
        } else {
            page.element("p") { writeType(schema, &$0) }
        }
    }

    private func writeMembers(_ schema: JSON, _ page: inout HTMLWriter) {
        let required = Set((schema["required"]?.arrayValue ?? []).map(text))
        page.element("ul") { page in
            for member in schema["properties"]?.members ?? [] {
                page.element("li") { page in
                    page.element("code", member.name)
                    page.text(" ")
                    writeType(member.value, &page)
                    if required.contains(member.name) {
                        page.text(" ")
                        page.bilingual("必填 / required")
                    }
                    if let title = member.value["title"] ?? resolved(member.value)["title"] {
                        page.text(" ")
                        page.bilingual(text(title))
                    }
                    writeNested(member.value, &page)
                }
                page.newline()
            }
        }
    }

    /// Objects within an object, or within a list of it, that have no name of their own.
    private func writeNested(_ schema: JSON, _ page: inout HTMLWriter) {
        if schema["properties"] != nil { writeMembers(schema, &page) }
        if let items = schema["items"], items["properties"] != nil { writeMembers(items, &page) }
    }

    /// `string`, `integer 0…`, `[Finding]`: names link to their schema.
    func writeType(_ schema: JSON, _ page: inout HTMLWriter) {
        if let reference = schema["$ref"]?.stringValue, let name = reference.split(separator: "/").last {
            page.element("a", ["href": "#schema-\(name)"], String(name))
        } else if let alternatives = schema["oneOf"]?.arrayValue {
            for (index, alternative) in alternatives.enumerated() {
                if index > 0 { page.text(" | ") }
                writeType(alternative, &page)
            }
        } else if let items = schema["items"] {
            page.text("[")
            writeType(items, &page)
            page.text("]")
        } else {
            page.element("span", ["class": "note"], words(for: schema))
        }
    }

    private func words(for schema: JSON) -> String {
        if let choices = schema["enum"]?.arrayValue { return choices.map(text).joined(separator: " | ") }
        if let constant = schema["const"] { return constant.pretty() }
        let types = schema["type"]?.arrayValue?.map(text) ?? [text(schema["type"])]
        let limits = ["format", "pattern", "minLength", "maxLength", "minimum", "maximum"].compactMap { name in
            schema[name].map { "\(name) \($0.stringValue ?? $0.pretty())" }
        }
        return ([types.joined(separator: " | ")] + limits).joined(separator: ", ")
    }
}
