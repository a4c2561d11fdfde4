#include "textflag.h"

// func addSteps(sums []uint64, steps column, weight uint16)
TEXT ·addSteps(SB), NOSPLIT, $0-50
	MOVQ    sums_base+0(FP), DI
	MOVQ    steps_base+24(FP), SI
	MOVQ    steps_len+32(FP), CX
	MOVWLZX weight+48(FP), AX
	MOVQ    AX, X0
	PSHUFLW $0, X0, X0
	PSHUFD  $0, X0, X0           // the weight, eight times

sixteen:
	MOVOU     (SI), X1
	PXOR      X2, X2
	PXOR      X3, X3
	PUNPCKLBW X1, X2             // each step times 256
	PUNPCKHBW X1, X3
	PMULHUW   X0, X2             // times the weight, over 65536
	PMULHUW   X0, X3
	MOVOU     (DI), X4
	MOVOU     16(DI), X5
	PADDW     X2, X4
	PADDW     X3, X5
	MOVOU     X4, (DI)
	MOVOU     X5, 16(DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $2, CX
	JG        sixteen
	RET
