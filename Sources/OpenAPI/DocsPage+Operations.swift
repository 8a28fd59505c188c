import Core
import Web

// One operation: what it takes, what it answers, and an example of each.

extension DocsPage {
    func write(_ operation: Operation, _ page: inout HTMLWriter) {
        page.element("h3") { page in
            page.element("span", ["class": "method"], operation.method)
            page.text(" ")
            page.element("code", operation.path)
        }
        page.element("p") { $0.bilingual(text(operation.json["summary"])) }
        page.paragraphs(text(operation.json["description"]))
        page.element("ul", ["class": "plain"]) { page in
            writeAccess(operation, &page)
            for parameter in operation.parameters { write(parameter: parameter, &page) }
        }
        if let body = operation.json["requestBody"] {
            page.element("h4") { $0.bilingual("请求体 / Request body") }
            writeContent(body["content"], &page)
        }
        page.element("h4") { $0.bilingual("响应 / Responses") }
        page.element("ul") { page in
            for response in operation.json["responses"]?.members ?? [] { write(response, &page) }
        }
    }

    private func writeAccess(_ operation: Operation, _ page: inout HTMLWriter) {
        page.element("li") { page in
            guard let bearer = operation.json["security"]?.arrayValue?.first?["bearer"]?.arrayValue else {
                return page.bilingual("公开 / Public")
            }
            page.bilingual("需要凭证 / Needs a credential")
            for scope in bearer {
                page.text(" ")
                page.element("code", text(scope))
            }
            let roles = (operation.json["x-roles"]?.arrayValue ?? []).map(text)
            if !roles.isEmpty { page.text(" (\(roles.joined(separator: ", ")))") }
        }
        page.element("li") { page in
            page.bilingual("配额 / Quota")
            page.text(" ")
            page.element("code", text(operation.json["x-rate-limit"]))
        }
    }

    private func write(parameter: JSON, _ page: inout HTMLWriter) {
        page.element("li") { page in
            page.element("code", text(parameter["name"]))
            page.text(" \(text(parameter["in"])) ")
            if parameter["required"] == true { page.bilingual("必填 / required") }
            page.text(" ")
            page.bilingual(text(parameter["description"]))
        }
        page.newline()
    }

    private func write(_ response: JSON.Member, _ page: inout HTMLWriter) {
        let content = resolved(response.value)
        page.element("li") { page in
            page.element("code", response.name)
            page.text(" ")
            page.bilingual(text(content["description"]))
            writeCodes(content["x-problem-codes"], &page)
            if content["x-problem-codes"] == nil { writeContent(content["content"], &page) }
        }
        page.newline()
    }

    /// A list of codes, or one for each status where a response stands for several.
    private func writeCodes(_ codes: JSON?, _ page: inout HTMLWriter) {
        for code in codes?.arrayValue ?? [] { writeCode(text(code), &page) }
        guard let statuses = codes?.members else { return }
        page.element("ul") { page in
            for status in statuses {
                page.element("li") { page in
                    page.element("code", status.name)
                    for code in status.value.arrayValue ?? [] { writeCode(text(code), &page) }
                }
            }
        }
    }

    private func writeCode(_ code: String, _ page: inout HTMLWriter) {
        page.text(" ")
        page.element("a", ["href": "/problems/\(code)"], code)
    }

    private func writeContent(_ content: JSON?, _ page: inout HTMLWriter) {
        for media in content?.members ?? [] {
            page.element("p") { page in
                page.element("code", media.name)
                page.text(" ")
                let schema = media.value["x-item-schema"] ?? media.value["schema"]
                if let schema, schema["$ref"] != nil { writeType(schema, &page) }
            }
            for example in examples(media.value) { writeExample(example, &page) }
        }
    }

    /// One without a name, or several with names of their own.
    private func examples(_ media: JSON) -> [JSON] {
        let named = (media["examples"]?.members ?? []).map { resolved($0.value) }
        return (media["example"].map { [["value": $0]] } ?? []) + named
    }

    private func writeExample(_ example: JSON, _ page: inout HTMLWriter) {
        page.element("details") { page in
            page.element("summary") { page in
                page.bilingual("示例 / Example")
                guard let summary = example["summary"] else { return }
                page.text(" ")
                page.bilingual(text(summary))
            }
            // Long lines scroll sideways; a keyboard gets there only where the block can have the focus.
            let value = example["value"] ?? .null
            page.element("pre", ["tabindex": "0"]) { $0.element("code", value.stringValue ?? value.pretty()) }
        }
    }
}
