import Support
import Testing

@testable import Web

@Suite("What the caller would like")
struct NegotiationTests {
    static let languages = TextTable(
        """
        accept                                | language
        zh-CN                                 | zh-CN
        en                                    | en
        en-GB,en;q=0.8                        | en
        fr                                    | zh-CN
        fr, en;q=0.1                          | en
        zh;q=0.5, en;q=0.6                    | en
        zh;q=0.6, en;q=0.5                    | zh-CN
        en, zh                                | en
        zh, en                                | zh-CN
        *                                     | zh-CN
        *, zh;q=0                             | en
        en;q=0, *                             | zh-CN
        en;q=0                                | zh-CN
        zh-Hant-TW;q=0.9, en;q=0.8            | zh-CN
        EN-us                                 | en
        en;q=oops, zh;q=0.9                   | en
        ,,;q=1                                | zh-CN
        """
    )

    @Test(arguments: languages.rows)
    func `the language is the one with the greater weight, then the one named first`(row: TextTable.Row) {
        #expect(Language(acceptLanguage: row["accept"]).rawValue == row["language"])
    }

    @Test
    func `the language is Chinese where the caller does not say`() {
        #expect(Language(acceptLanguage: nil) == .chinese)
        #expect(Language(acceptLanguage: "") == .chinese)
    }

    static let mediaTypes = TextTable(
        """
        accept                                                       | chosen
        */*                                                          | application/json
        application/json                                             | application/json
        APPLICATION/JSON                                             | application/json
        application/*                                                | application/json
        application/x-ndjson                                         | application/x-ndjson
        application/json;q=0.1, application/x-ndjson                 | application/x-ndjson
        application/json;q=0.5, */*;q=0.6                            | application/x-ndjson
        text/html                                                    | none
        application/json;q=0, application/x-ndjson;q=0               | none
        application/json;q=0, */*                                    | application/x-ndjson
        text/html, application/json;q=0.001                          | application/json
        text/html, */*;q=0                                           | none
        application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1  | application/json
        """
    )

    @Test(arguments: mediaTypes.rows)
    func `the media type is the best that the caller accepts`(row: TextTable.Row) {
        let produced = ["application/json", "application/x-ndjson"]
        #expect(acceptedMediaType(row["accept"], among: produced) ?? "none" == row["chosen"])
    }

    static let contentTypes = TextTable(
        """
        field                               | essence           | utf8
        application/json                    | application/json  | true
        Application/JSON; charset=UTF-8     | application/json  | true
        application/json;charset="utf-8"    | application/json  | true
        application/json; charset=gb18030   | application/json  | false
        application/json; profile=x         | application/json  | true
        """
    )

    @Test(arguments: contentTypes.rows)
    func `a content type is its essence and its character set`(row: TextTable.Row) {
        let field = MediaTypeField(row["field"])
        #expect(field.essence == row["essence"])
        #expect("\(field.isUTF8)" == row["utf8"])
    }

    static let tags = TextTable(
        """
        header                 | current  | strongly | weakly
        "a"                    | a        | true     | true
        "b"                    | a        | false    | false
        "b", "a"               | a        | true     | true
        "b","c" , "a"          | a        | true     | true
        W/"a"                  | a        | false    | true
        *                      | a        | true     | true
        a                      | a        | false    | false
        "a                     | a        | false    | false
        "a,b"                  | a,b      | true     | true
        "b", W/"a"             | a        | false    | true
        """
    )

    @Test(arguments: tags.rows)
    func `a weak tag never holds a change, and always saves an answer`(row: TextTable.Row) {
        let tags = EntityTags(row["header"])
        #expect("\(tags.matchesStrongly(row["current"]))" == row["strongly"])
        #expect("\(tags.matchesWeakly(field: "\"\(row["current"])\""))" == row["weakly"])
    }

    static let percents = TextTable(
        """
        encoded       | decoded
        abc           | abc
        a%20b         | a b
        %E8%BD%A6     | 车
        a+b           | a+b
        %             | none
        %4            | none
        %zz           | none
        %ff           | none
        %00           | none
        a%00b         | none
        a%30          | a0
        """
    )

    @Test(arguments: percents.rows)
    func `percent-decoding gives valid text or nothing`(row: TextTable.Row) {
        #expect(percentDecoded(row["encoded"]) ?? "none" == row["decoded"])
    }

    @Test
    func `percent-encoding is undone by percent-decoding`() {
        let text = "车信 a+b&c=d/?é~._-"
        #expect(percentEncoded("车 /") == "%E8%BD%A6%20%2F")
        #expect(percentDecoded(percentEncoded(text)) == text)
        #expect(percentDecoded("a+b", plusIsSpace: true) == "a b")
    }
}
