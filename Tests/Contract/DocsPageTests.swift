import Core
import Cryptography
import Support
import Testing
import Web

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
        let html = try await page().body
        let articles = Set(html.values(between: "<article id=\"", and: "\">"))
        let contents = Set(html.values(between: "<a href=\"#", and: "</a>"))
        let codes = Set(html.values(between: "<a href=\"/problems/", and: "\""))
        for operation in contract.operations {
            #expect(articles.contains(operation.id), "\(operation)")
            #expect(contents.contains("\(operation.id)\">\(operation.method) \(operation.path)"), "\(operation)")
            for (status, response) in operation.responses(contract) {
                let missing = Set(response.allCodes(under: status).map(\.code)).subtracting(codes)
                #expect(missing == [], "\(operation) \(status)")
            }
        }
        for schema in contract.schemas { #expect(articles.contains("schema-\(schema.name)"), "\(schema.name)") }
    }

    @Test func `every link inside the page leads to something`() async throws {
        let html = try await page().body
        let targets = html.values(between: " id=\"", and: "\"")
        let links = html.values(between: " href=\"#", and: "\"")
        #expect(links.count > 50)
        #expect(Set(links).subtracting(targets) == [])
        #expect(Set(targets).count == targets.count)
    }

    @Test func `the browser is allowed its one style sheet and nothing else`() async throws {
        let answer = try await page()
        let styles = answer.body.values(between: "<style>", and: "</style>")
        #expect(styles.count == 1)
        let digest = Base64.encode(SHA256.hash(Array(try #require(styles.first).utf8)).bytes)
        let policy = try #require(answer.header("Content-Security-Policy"))
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-\(digest)';"))
        #expect(!policy.contains("script-src"))
        for forbidden in ["<script", " style=\"", " onclick=", "javascript:", "http:", "<img", "<iframe", "<form"] {
            #expect(answer.body.places(of: forbidden) == [], "\(forbidden)")
        }
    }

    @Test func `it fits a phone, and says which language each part is in`() async throws {
        let html = try await page().body
        #expect(html.starts(with: "<!doctype html>\n<html lang=\"zh-CN\">".utf8))
        #expect(
            html.values(between: "<meta name=\"viewport\" content=\"", and: "\"") == [
                "width=device-width, initial-scale=1"
            ]
        )
        let summary = "<span lang=\"zh-CN\">上报一个事件</span> <span lang=\"en\" class=\"en\">Append an event</span>"
        #expect(html.places(of: summary).count == 2)
        // What is too wide scrolls in its own block, which a keyboard can reach.
        #expect(html.places(of: "<pre").count > 30)
        #expect(html.places(of: "<pre").count == html.places(of: "<pre tabindex=\"0\">").count)
        #expect(html.places(of: "<table") == [])
    }

    @Test func `every element is closed where it was opened`() async throws {
        var open: [String] = []
        for tag in try await page().body.values(between: "<", and: ">") {
            let name = String(tag.prefix { $0 != " " })
            if name.hasPrefix("/") {
                let last = open.popLast()
                #expect(last == String(name.dropFirst()))
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
}

/// Searching by bytes: a page of a quarter of a megabyte takes seconds by characters.
extension [UInt8] {
    /// Where `text` begins.
    func places(of text: String) -> [Int] {
        let needle = [UInt8](text.utf8)
        return indices.filter { self[$0] == needle[0] && self[$0...].starts(with: needle) }
    }

    /// What stands between each `opening` and the next `closing`.
    func values(between opening: String, and closing: String) -> [String] {
        let end = [UInt8](closing.utf8)
        return places(of: opening).compactMap { place in
            let rest = self[(place + opening.utf8.count)...]
            guard let last = rest.indices.first(where: { self[$0...].starts(with: end) }) else { return nil }
            return String(decoding: rest[..<last], as: UTF8.self)
        }
    }
}
