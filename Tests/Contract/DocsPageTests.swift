import Core
import Cryptography
import Support
import Testing

@testable import OpenAPI

/// The page that shows the document to people.
@Suite struct DocsPageTests {
    private func page() async throws -> HTTPAnswer {
        let server = try await ServerUnderTest.open().start()
        let answer = try await server.client.send("GET", "/docs")
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
        return answer
    }

    @Test func `it shows every operation, schema and problem code`() async throws {
        let contract = try APIDocument.load()
        let html = try await page().text
        for operation in contract.operations {
            #expect(html.contains("<article id=\"\(operation.id)\">"), "\(operation)")
            #expect(html.contains("<a href=\"#\(operation.id)\">\(operation.method) \(operation.path)</a>"))
        }
        for schema in contract.schemas {
            #expect(html.contains("<article id=\"schema-\(schema.name)\">"), "\(schema.name)")
        }
        for code in contract.operations.flatMap({ $0.responses(contract) }).flatMap({
            $0.response.allCodes(under: $0.status)
        }) {
            #expect(html.contains("<a href=\"/problems/\(code.code)\">"), "\(code.code)")
        }
    }

    @Test func `every link inside the page leads to something`() async throws {
        let html = try await page().text
        let targets = Set(values(of: "id", in: html))
        let links = values(of: "href", in: html).filter { $0.hasPrefix("#") }
        #expect(links.count > 50)
        for link in links { #expect(targets.contains(String(link.dropFirst())), "\(link)") }
        #expect(values(of: "id", in: html).count == targets.count)
    }

    @Test func `the browser is allowed its one style sheet and nothing else`() async throws {
        let answer = try await page()
        let html = answer.text
        let styles = html.split(separator: "<style>").dropFirst().map { $0.prefix { $0 != "<" } }
        #expect(styles.count == 1)
        let css = try #require(styles.first)
        let digest = Base64.encode(SHA256.hash(Array(css.utf8)).bytes)
        let policy = try #require(answer.header("Content-Security-Policy"))
        #expect(policy.contains("default-src 'none'; style-src 'sha256-\(digest)';"))
        #expect(!policy.contains("script-src"))
        for forbidden in ["<script", " style=", " onclick=", "javascript:", "http:", "<img", "<iframe", "<form"] {
            #expect(!html.contains(forbidden), "\(forbidden)")
        }
    }

    @Test func `it fits a phone, and says which language each part is in`() async throws {
        let html = try await page().text
        #expect(html.hasPrefix("<!doctype html>\n<html lang=\"zh-CN\">"))
        #expect(html.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"))
        #expect(
            html.contains("<span lang=\"zh-CN\">上报一个事件</span> <span lang=\"en\" class=\"en\">Append an event</span>")
        )
        // What is too wide scrolls in its own block, which a keyboard can reach.
        #expect(html.split(separator: "<pre").dropFirst().allSatisfy { $0.hasPrefix(" tabindex=\"0\">") })
        #expect(!html.contains("<table"))
    }

    @Test func `every element is closed where it was opened`() async throws {
        var open: [Substring] = []
        for piece in try await page().text.split(separator: "<").dropFirst() {
            let tag = piece.prefix { $0 != ">" }
            let name = tag.prefix { $0 != " " }
            if name.hasPrefix("/") {
                let last = open.popLast()
                #expect(last == name.dropFirst())
            } else if !["!doctype", "meta", "br"].contains(name) {
                open.append(name)
            }
        }
        #expect(open == [])
    }

    @Test func `text of the document cannot become markup`() {
        var writer = HTMLWriter()
        writer.element("a", ["href": "\"><script>"], "<b>&\"</b>")
        writer.bilingual("甲<i> / B`<u>`")
        #expect(writer.html.contains("<a href=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&quot;&lt;/b&gt;</a>"))
        #expect(writer.html.contains("甲&lt;i&gt;"))
        #expect(!writer.html.contains("<u>"))
    }

    @Test func `neither the page nor the document is sent again while it is the same`() async throws {
        let server = try await ServerUnderTest.open().start()
        for path in ["/docs", "/openapi.yaml"] {
            let tag = try #require(try await server.client.send("GET", path).header("ETag"))
            let again = try await server.client.send("GET", path, headers: [("If-None-Match", tag)])
            #expect(again.status == 304, "\(path)")
            #expect(again.body.isEmpty)
            let head = try await server.client.send("HEAD", path)
            #expect(head.status == 200)
            #expect(head.header("ETag") == tag)
        }
    }

    private func values(of attribute: String, in html: String) -> [String] {
        html.split(separator: " \(attribute)=\"").dropFirst().map { piece in String(piece.prefix { $0 != "\"" }) }
    }
}
