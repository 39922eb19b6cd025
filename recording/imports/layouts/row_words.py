"""The words by which a row of a file says that it is no region: totals, and people who lie in none. As people write them,
divided by "|"; rows are compared with them normalised."""

from recording.parsing.region_names import normalise

TOTALS_OF_ALL_WORDS = (
    "GRAND TOTAL|TOTAL KESELURUHAN|JUMLAH KESELURUHAN|JUMLAH SELURUHNYA|TOTAL SELURUHNYA|TOTAL PROVINSI|JUMLAH PROVINSI"
)
TOTALS_OF_ROW_WORDS = (
    "TOTAL|JUMLAH|JML|SUBTOTAL|JUMLAH TOTAL|TOTAL JUMLAH|JML KEC|JUMLAH KEC|JUMLAH KECAMATAN|TOTAL KECAMATAN|JML KOTA|"
    "JUMLAH KOTA|TOTAL KOTA|JUMLAH KELURAHAN"
)
NOWHERE_WORDS = (
    "LUAR DKI|LUAR DKI JAKARTA|LUAR JAKARTA|LUAR DAERAH|LUAR WILAYAH|LUAR DOMISILI|LUAR KOTA|LUAR PROVINSI|DI LUAR DKI|"
    "DI LUAR DKI JAKARTA|DI LUAR JAKARTA|DI LUAR WILAYAH|NON DKI|BELUM DIKETAHUI|TIDAK DIKETAHUI|BELUM TERPETAKAN|"
    "TIDAK TERPETAKAN|PROSES UPDATE DATA|TANPA ALAMAT|TANPA WILAYAH|TANPA KETERANGAN|LAIN-LAIN|LAINNYA|BELUM TERDATA|"
    "TIDAK ADA ALAMAT|DALAM PROSES"
)
# A row of totals: of the whole table, or of whatever else its row names.
TOTALS_OF_ALL = frozenset(map(normalise, TOTALS_OF_ALL_WORDS.split("|")))
TOTALS_OF_ROW = frozenset(map(normalise, TOTALS_OF_ROW_WORDS.split("|")))
# People who were counted but lie in no region of the portal.
NOWHERE = frozenset(map(normalise, NOWHERE_WORDS.split("|")))
