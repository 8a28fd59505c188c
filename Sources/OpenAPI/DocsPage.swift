import Core
import Web

/// The document as one page for people: everything is in it, and it needs no script.
struct DocsPage {
    let document: JSON

    init(_ document: JSON) {
        self.document = document
    }

    var html: String {
        var page = HTMLWriter()
        page.element("html", ["lang": "zh-CN"]) { page in
            page.element("head") { writeHead(&$0) }
            page.newline()
            page.element("body") { page in
                page.element("header") { writeIntroduction(&$0) }
                page.element("nav", ["aria-label": "目录 Contents"]) { writeContents(&$0) }
                page.element("main") { page in
                    for tag in tags { writeSection(tag, &page) }
                    writeSchemas(&page)
                }
            }
        }
        return page.html
    }

    // MARK: Around

    private func writeHead(_ page: inout HTMLWriter) {
        page.element("meta", ["charset": "utf-8"])
        page.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        page.element("title", text(document["info"]?["title"]))
        page.style(DocsStyle.css)
    }

    private func writeIntroduction(_ page: inout HTMLWriter) {
        page.element("h1", text(document["info"]?["title"]))
        page.element("p") { $0.bilingual(text(document["info"]?["summary"])) }
        page.element("p") { page in
            page.element("span", ["lang": "zh-CN"], "供程序读取的版本：")
            page.element("span", ["lang": "en"], "For programs: ")
            page.element("a", ["href": "/openapi.yaml"], "/openapi.yaml")
        }
        page.paragraphs(text(document["info"]?["description"]))
    }

    private func writeContents(_ page: inout HTMLWriter) {
        for tag in tags {
            page.element("h2") { $0.bilingual(tag.title) }
            page.element("ul") { page in
                for operation in operations(of: tag) {
                    page.element("li") { page in
                        page.element("a", ["href": "#\(operation.id)"], "\(operation.method) \(operation.path)")
                        page.text(" ")
                        page.bilingual(text(operation.json["summary"]))
                    }
                    page.newline()
                }
            }
        }
        page.element("p") { page in
            page.element("a", ["href": "#schemas"]) { $0.bilingual(DocsPage.schemasTitle) }
        }
    }

    private func writeSection(_ tag: Tag, _ page: inout HTMLWriter) {
        page.element("section") { page in
            page.element("h2") { $0.bilingual(tag.title) }
            for operation in operations(of: tag) {
                page.newline()
                page.element("article", ["id": operation.id]) { write(operation, &$0) }
            }
        }
        page.newline()
    }

    static let schemasTitle = "数据结构 / Schemas"
}

// MARK: - Reading the document

extension DocsPage {
    struct Tag {
        let name: String
        let title: String
    }

    struct Operation {
        let method: String
        let path: String
        let json: JSON
        /// Of the path and of the operation.
        let parameters: [JSON]

        var id: String { json["operationId"]?.stringValue ?? "" }
    }

    private static let methods: Set<String> = ["get", "post", "patch", "put", "delete"]

    var tags: [Tag] {
        (document["tags"]?.arrayValue ?? []).map { Tag(name: text($0["name"]), title: text($0["description"])) }
    }

    func operations(of tag: Tag) -> [Operation] {
        (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).filter { DocsPage.methods.contains($0.name) }.compactMap { member in
                guard member.value["tags"]?.arrayValue?.first?.stringValue == tag.name else { return nil }
                let parameters = [path.value, member.value].flatMap { $0["parameters"]?.arrayValue ?? [] }
                return Operation(
                    method: member.name.uppercased(),
                    path: path.name,
                    json: member.value,
                    parameters: parameters.map(resolved)
                )
            }
        }
    }

    /// What a reference leads to.
    func resolved(_ json: JSON) -> JSON {
        guard let reference = json["$ref"]?.stringValue else { return json }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
    }

    func text(_ json: JSON?) -> String {
        json?.stringValue ?? ""
    }
}
