"""VietQR, the Vietnamese bank-transfer code: text, banks and pictures.

Knows no database and no network. Import from the modules: `payload` (encode, decode), `memo`,
`account_numbers`, `banks`, `image`, `json_lines` (what the `vietqr` commands answer).
"""
