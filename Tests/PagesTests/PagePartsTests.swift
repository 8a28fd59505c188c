import Core
import Cryptography
import HTTPTypes
import Testing
import Web

@testable import Pages

/// What pages are made of, without a server.
@Suite struct PagePartsTests {
    @Test(arguments: [
        ("/dealer", "/dealer"), ("/dealer?status=draft&page=2", "/dealer?status=draft&page=2"),
        ("//evil.example", "/dealer"), ("/\\evil.example", "/dealer"), ("https://evil.example/", "/dealer"),
        ("javascript:alert(1)", "/dealer"), ("/a b", "/dealer"), ("/a\r\nSet-Cookie: x", "/dealer"), ("", "/dealer"),
        ("dealer", "/dealer"), ("/库存", "/dealer"),
    ])
    func `nobody is sent to another host`(_ wanted: String, _ sent: String) {
        #expect(Destination.own(wanted) == sent)
    }

    @Test(arguments: [
        ("https://chexin.example/join#abc", "abc"), ("abc", "abc"), (" abc \n", "abc"), ("#abc", "abc"), ("", ""),
    ])
    func `a link may be pasted whole or in part`(_ pasted: String, _ token: String) {
        #expect(LinkText.token(in: pasted) == token)
    }

    @Test func `keys are read in fours`() {
        #expect(LinkText.inGroups("ABCDEFGHIJ") == "ABCD EFGH IJ")
        #expect(LinkText.inGroups("") == "")
    }

    @Test func `what is fetched besides has a name of its bytes, and is fetched from here`() {
        let names = [PageAssets.style.path, PageAssets.script.path, PageAssets.icon.path]
        #expect(Set(names).count == 3)
        for source in [PageStyle.css.description, PageScript.source.description] {
            for forbidden in ["http:", "https:", "@import", "url(", "eval(", "innerHTML", "document.write"] {
                #expect(!source.contains(forbidden), "\(forbidden)")
            }
        }
        let policy = Sheet.contentSecurityPolicy
        #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self';"))
        #expect(!policy.contains("unsafe"))
    }

    @Test(arguments: ListingStates.pointers)
    func `every fault of an offer has its place on the checklist`(_ pointer: String, _ area: ListingArea) {
        #expect(ListingArea(pointer: pointer) == area)
    }

    @Test func `hostile text is text`() {
        var page = HTMLWriter()
        let hostile = "\"><script>alert(1)</script>&'"
        page.field(Field(name: "name", label: hostile, hint: hostile), FormState.of(["name": hostile]))
        page.facts([(hostile, hostile)])
        page.hidden("next", hostile)
        #expect(!page.html.contains("<script"))
        #expect(page.html.contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;'"))
    }
}

enum ListingStates {
    static let pointers: [(String, ListingArea)] = [
        ("/vin", .vehicle), ("/mortgage_consent", .vehicle), ("/recall_notice", .vehicle),
        ("/disclosures/flood", .disclosures), ("/title", .description), ("/text", .description),
        ("/odometer_km", .odometer), ("/vehicle/make", .details), ("/location", .details), ("", .details),
    ]
}

extension FormState {
    static func of(_ values: [String: String]) -> FormState {
        let endpoint = Endpoint(.get, "/", authorize: AccessDecision.everyone) { _ in Reply(.ok) }
        return FormState(Call(endpoint: endpoint, cursors: CursorSigner(secret: SecretBytes([1])), form: values))
    }
}
