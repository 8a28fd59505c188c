import Core
import Support
import Testing

@testable import Listings

/// Which texts are found by which words, in Chinese and English.
@Suite struct SearchTextTests {
    private static let table = TextTable(
        """
        text                          | words            | found
        2021款 大众朗逸 自动舒适版        | 朗逸             | yes
        2021款 大众朗逸 自动舒适版        | 大众朗逸          | yes
        2021款 大众朗逸 自动舒适版        | 朗               | yes
        2021款 大众朗逸 自动舒适版        | 逸朗             | no
        2021款 大众朗逸 自动舒适版        | 舒适朗逸          | yes
        2021款 大众朗逸 自动舒适版        | 宝来             | no
        2021款 大众朗逸 自动舒适版        | 2021             | yes
        2021款 大众朗逸 自动舒适版        | 20               | yes
        2021款 大众朗逸 自动舒适版        | 021              | no
        2021款 大众朗逸 自动舒适版        | 朗逸 2021         | yes
        2021款 大众朗逸 自动舒适版        | 朗逸 2022         | no
        比亚迪秦 PLUS DM-i 白色          | 白色秦            | no
        比亚迪 秦 PLUS DM-i 白色         | 白色秦            | yes
        比亚迪 秦 PLUS DM-i 白色         | 秦               | yes
        比亚迪 秦 PLUS DM-i 白色         | plus             | yes
        比亚迪 秦 PLUS DM-i 白色         | dmi              | yes
        比亚迪 秦 PLUS DM-i 白色         | DM-I             | yes
        比亚迪 秦 PLUS DM-i 白色         | dm i             | yes
        比亚迪 秦 PLUS DM-i 白色         | ｐｌｕｓ           | yes
        比亚迪 秦 PLUS DM-i 白色         | 秦plus           | yes
        Tesla Model 3                 | model3           | yes
        Tesla Model 3                 | Model-3          | yes
        Tesla Model 3                 | tes              | yes
        Tesla Model 3                 | esla             | no
        Tesla Model 30                | model 3          | no
        ＢＭＷ Ｘ５                     | bmw x5           | yes
        BMW X5                        | x                | no
        思域 1.5T 手动                  | 1.5t             | yes
        思域 1.5T 手动                  | 1.5              | yes
        思域 1.5T 手动                  | 5t               | no
        Citroën C5                    | CITROËN          | yes
        """
    )

    @Test(arguments: table.rows)
    func `a text is found by its words`(row: TextTable.Row) {
        var index = ListingIndex()
        index.put(entry("1", head: row["text"]))
        var query = SearchQuery()
        query.text = row["words"]
        #expect((index.search(query).total == 1) == (row["found"] == "yes"))
        query.sort = .relevance
        #expect((index.search(query).ranks.count == 1) == (row["found"] == "yes"))
    }

    @Test func `what the title says comes before what the description says`() {
        var index = ListingIndex()
        index.put(entry("1", head: "宝来", body: "不是朗逸"))
        index.put(entry("2", head: "朗逸", body: ""))
        index.put(entry("3", head: "速腾", body: "比朗逸大"))
        var query = SearchQuery()
        (query.text, query.sort) = ("朗逸", .relevance)
        #expect(index.search(query).ranks.map(\.first) == [-1, 0, 0])
        #expect(index.search(query).ranks.first?.id == id("2").number)
    }

    @Test func `a text of signs asks for nothing`() {
        for text in ["", "-", " … ", "。，", "＋"] { #expect(SearchText.units(of: text).isEmpty, "\(text)") }
    }

    private func id(_ digit: String) -> ListingID {
        ListingID("lst_" + String(repeating: "0", count: 25) + digit) ?? ListingID(number: 0)
    }

    private func entry(_ digit: String, head: String, body: String = "") -> SearchEntry {
        SearchEntry(
            id: id(digit),
            version: 1,
            values: [:],
            totalFen: 1,
            odometerKm: 1,
            registeredDay: nil,
            publishedAt: Instant(milliseconds: 1),
            head: [head],
            body: [body]
        )
    }
}
