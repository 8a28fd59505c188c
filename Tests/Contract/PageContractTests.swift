import Core
import HTTPTypes
import Testing
import Web

/// The pages in the document against those that the router has. What they answer is for people, and tested with them.
@Suite struct PageContractTests {
    @Test func `every page is in the document, and nothing else is`() async throws {
        let endpoints = try await ServerUnderTest.pages().map { "\($0.method.rawValue) \($0.path)" }
        let documented = try APIDocument.load().pages.map(\.description)
        #expect(Set(endpoints).subtracting(documented).sorted() == [])
        #expect(Set(documented).subtracting(endpoints).sorted() == [])
        #expect(documented.count > 20)
    }

    @Test func `names are their own, and summaries in both languages`() throws {
        let contract = try APIDocument.load()
        let all = contract.operations + contract.pages
        #expect(Set(all.map(\.id)).count == all.count)
        for page in contract.pages {
            let parts = (page.json["summary"]?.stringValue ?? "").split(separator: " / ")
            #expect(parts.count == 2, "\(page)")
        }
    }

    @Test func `query, path, body and quota are those that are read`() async throws {
        let contract = try APIDocument.load()
        for endpoint in try await ServerUnderTest.pages() {
            guard
                let page = contract.pages.first(where: {
                    $0.description == "\(endpoint.method.rawValue) \(endpoint.path)"
                })
            else { continue }
            #expect(page.parameterNames(in: "query", contract) == endpoint.query, "\(page)")
            let names = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }
                .map { String($0.dropFirst().dropLast()) }
            #expect(page.parameterNames(in: "path", contract) == Set(names), "\(page)")
            #expect(page.bodyTypes.map(\.name) == endpoint.consumedTypes, "\(page)")
            #expect(page.json["x-rate-limit"]?.stringValue == endpoint.rateLimit.name, "\(page)")
            let isPublic = endpoint.authorize(nil) == .allowed
            #expect((page.json["security"]?.arrayValue?.isEmpty == true) == isPublic, "\(page)")
        }
    }

    @Test func `what a form may have is what is taken of it`() async throws {
        let contract = try APIDocument.load()
        for endpoint in try await ServerUnderTest.pages() {
            guard case .form(let fields) = endpoint.body,
                let page = contract.pages.first(where: { $0.description == "POST \(endpoint.path)" })
            else { continue }
            let schema = page.bodyTypes.first?.value["schema"]
            let named = Set((schema?["properties"]?.members ?? []).map(\.name))
            #expect(fields.filter { !$0.hasPrefix("scope.") } == named, "\(page)")
        }
    }
}
